"""Whether this process was asked to stop: a pump then calls back what it has not started."""

import threading

stopping = threading.Event()
