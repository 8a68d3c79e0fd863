// Evaluations by scheduler. The numbers are the lengths of `timesteps` after set_timesteps(), as
// diffusers 0.40 has them.
#include "analyzer/pipeline/scheduler.h"

#include "tests/support/catch.h"

namespace onnx_macs {

TEST_CASE("schedulers call the denoiser as often as diffusers' do") {
  struct Row {
    const char* name;
    int64_t at_7, at_20, at_50;
  };
  const Row row = GENERATE(
      Row{"DDIMScheduler", 7, 20, 50}, Row{"PNDMScheduler", 8, 21, 51},
      Row{"HeunDiscreteScheduler", 13, 39, 99}, Row{"FlowMatchHeunDiscreteScheduler", 13, 39, 99},
      Row{"KDPM2DiscreteScheduler", 13, 39, 99}, Row{"KDPM2AncestralDiscreteScheduler", 13, 39, 99},
      Row{"DPMSolverSDEScheduler", 13, 39, 99}, Row{"DPMSolverMultistepScheduler", 7, 20, 50},
      Row{"DPMSolverSinglestepScheduler", 7, 20, 50}, Row{"EulerDiscreteScheduler", 7, 20, 50},
      Row{"EulerAncestralDiscreteScheduler", 7, 20, 50}, Row{"UniPCMultistepScheduler", 7, 20, 50},
      Row{"LCMScheduler", 7, 20, 50}, Row{"FlowMatchEulerDiscreteScheduler", 7, 20, 50},
      Row{"DEISMultistepScheduler", 7, 20, 50}, Row{"DDPMScheduler", 7, 20, 50});
  CAPTURE(row.name);
  const Scheduler* scheduler = FindScheduler(row.name);
  REQUIRE(scheduler != nullptr);
  CHECK(scheduler->Evaluations(7) == row.at_7);
  CHECK(scheduler->Evaluations(20) == row.at_20);
  CHECK(scheduler->Evaluations(50) == row.at_50);
}

TEST_CASE("schedulers have short names too") {
  CHECK(FindScheduler("pndm") == FindScheduler("PNDMScheduler"));
  CHECK(FindScheduler("flow_euler") == FindScheduler("FlowMatchEulerDiscreteScheduler"));
  CHECK(FindScheduler("plms") == nullptr);
  for (const char* name : {"ddim", "pndm", "euler", "heun", "dpm", "unipc", "lcm", "flow_euler"}) {
    CHECK(FindScheduler(name) != nullptr);
  }
}

}  // namespace onnx_macs
