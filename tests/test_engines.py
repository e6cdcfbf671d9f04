"""The local engine: every batch once and in order, whatever happens to the workers."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import batch_jobs
import pytest
from phusa.engines.local import ATTEMPTS, EngineError, Lost, run

HERE = Path(__file__).parent
