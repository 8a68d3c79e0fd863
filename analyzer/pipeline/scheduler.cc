// The table of schedulers. PNDM (as pipelines set it up, without Runge-Kutta steps) looks at its
// second timestep twice. Second-order methods look twice at all but the last.
#include "analyzer/pipeline/scheduler.h"

#include "absl/algorithm/container.h"

namespace onnx_macs {
namespace {

// The first row of a name is the one that --scheduler means.
constexpr Scheduler kSchedulers[] = {
    {"ddim", "DDIMScheduler", 1, 0},
    {"pndm", "PNDMScheduler", 1, 1},
    {"ddim", "DDIMParallelScheduler", 1, 0},
    {"euler", "EulerDiscreteScheduler", 1, 0},
    {"euler", "EulerAncestralDiscreteScheduler", 1, 0},
    {"heun", "HeunDiscreteScheduler", 2, -1},
    {"heun", "FlowMatchHeunDiscreteScheduler", 2, -1},
    {"kdpm2", "KDPM2DiscreteScheduler", 2, -1},
    {"kdpm2", "KDPM2AncestralDiscreteScheduler", 2, -1},
    {"dpm", "DPMSolverMultistepScheduler", 1, 0},
    {"dpm", "DPMSolverSinglestepScheduler", 1, 0},
    {"dpm", "EDMDPMSolverMultistepScheduler", 1, 0},
    {"dpm_sde", "DPMSolverSDEScheduler", 2, -1},
    {"dpm", "CosineDPMSolverMultistepScheduler", 1, 0},
    {"unipc", "UniPCMultistepScheduler", 1, 0},
    {"lcm", "LCMScheduler", 1, 0},
    {"tcd", "TCDScheduler", 1, 0},
    {"lms", "LMSDiscreteScheduler", 1, 0},
    {"ddpm", "DDPMScheduler", 1, 0},
    {"deis", "DEISMultistepScheduler", 1, 0},
    {"ipndm", "IPNDMScheduler", 1, 0},
    {"sa", "SASolverScheduler", 1, 0},
    {"scm", "SCMScheduler", 1, 0},
    {"flow_euler", "FlowMatchEulerDiscreteScheduler", 1, 0},
    {"edm_euler", "EDMEulerScheduler", 1, 0},
};

}  // namespace

const Scheduler* FindScheduler(absl::string_view name) {
  const auto it = absl::c_find_if(kSchedulers, [name](const Scheduler& row) {
    return row.name == name || row.class_name == name;
  });
  return it == std::end(kSchedulers) ? nullptr : &*it;
}

std::vector<absl::string_view> SchedulerNames() {
  std::vector<absl::string_view> names;
  for (const Scheduler& row : kSchedulers) {
    if (!absl::c_linear_search(names, row.name)) names.push_back(row.name);
  }
  return names;
}

}  // namespace onnx_macs
