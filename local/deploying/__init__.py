"""How a package becomes a stack that serves, and how a stack is taken down; on AWS, or on an emulator."""
