"""What runs as the emulator's process, by the emulator's own interpreter: the patches, then the emulator.

It ends when its standard input ends, that is, when the process that started it is gone for whatever reason. Then the
emulator stops as on SIGTERM: it saves its state and takes its functions along.
"""

import os
import signal
import threading

from ministack.app import main

from local.emulator_patches import patch_emulator


def stop_with_parent() -> None:
    """Waits until standard input ends, then stops this process."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    patch_emulator()
    threading.Thread(target=stop_with_parent, daemon=True).start()
    main()
