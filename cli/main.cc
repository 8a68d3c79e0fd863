// onnx-macs: from the command line to an exit code.
#include "analyzer/system.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
  onnx_macs::PrepareStreams();
  onnx_macs::SurviveShrinkingFiles();
  return onnx_macs::Run(argc, argv);
}
