"""The embedded default: the stack as it is packaged for AWS, deployed into an emulator on this machine."""
