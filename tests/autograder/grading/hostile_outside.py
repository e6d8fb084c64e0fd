"""Hostile students who reach for what is outside, never end, or take more than there is."""

from tests.autograder.grading.hostile_students import MARK, Attack, code

EACH_CONNECTION = """\
    import os, socket

    def connections():
        for number in os.listdir("/proc/self/fd"):
            try:
                one = socket.socket(fileno=os.dup(int(number)))
                one.getpeername()
            except OSError:
                continue
            if one.family == socket.AF_UNIX and str(one.getsockname()).startswith("/tmp/kern"):
                yield one
"""

OUTSIDE = [
    Attack(
        "reads-everything",
        "sources, classmates, the gradebook, keys and homes are read, and shown",
        code("""\
            import glob, os
            homes = ["COURSE", "HOST_HOME", os.path.expanduser("~root"), "/root", "/home", ".."]
            for home in homes:
                for name in glob.glob(f"{home}/**", recursive=True, include_hidden=True)[:5000]:
                    try:
                        print(name, open(name, "rb").read()[:10_000])
                    except OSError:
                        pass
            print(dict(os.environ))"""),
    ),
    Attack(
        "reads-its-ancestors",
        "the environment, the descriptors and the memory of all processes that are to be seen",
        code("""\
            import os, re
            for name in filter(str.isdigit, os.listdir("/proc")):
                try:
                    print(open(f"/proc/{name}/environ", "rb").read())
                    held = os.listdir(f"/proc/{name}/fd")
                    print([os.readlink(f"/proc/{name}/fd/{number}") for number in held])
                    if int(name) == os.getpid():
                        continue
                    maps = open(f"/proc/{name}/maps").read()
                    memory = open(f"/proc/{name}/mem", "rb", 0)
                    for first, last in re.findall(r"^(\\w+)-(\\w+) r", maps, re.M):
                        memory.seek(int(first, 16))
                        held = memory.read(min(int(last, 16) - int(first, 16), 1 << 24))
                        print(re.findall(rb"canary-[\\w-]+", held))
                except (OSError, ValueError, OverflowError) as error:
                    print(error)"""),
    ),
    Attack(
        "reads-keys",
        "the keyrings of the kernel, which are in no folder",
        code("""\
            import ctypes
            libc = ctypes.CDLL(None)
            held = ctypes.create_string_buffer(1000)
            key = libc.syscall(KEY_CALLS, 10, -3, b"user", b"convdims", 0)
            libc.syscall(KEY_CALLS, 11, key, held, 1000)
            print(key, held.value)"""),
    ),
    Attack(
        "writes-everywhere",
        "start-up files, the packages, the course folder and temporary folders are written to",
        code(f"""\
            import os, site, sys
            import autograder, course
            homes = ["/", "/tmp", "/dev/shm", "/var/tmp", "/run", "/dev", "COURSE", ".."]
            homes += [os.path.expanduser("~"), "/root", "/proc/1/root/tmp", "/proc/1/cwd"]
            homes += [*site.getsitepackages(), site.getusersitepackages(), sys.prefix, "HOST_HOME"]
            homes += [os.path.dirname(package.__file__) for package in (autograder, course, os)]
            homes += ["COURSE/source", "COURSE/submitted/aa-first/graded", "HOST_HOME/.ipython"]
            for home in homes:
                for name in ("{MARK}.py", "{MARK}.pth", "profile_default/startup/{MARK}.py"):
                    try:
                        os.makedirs(os.path.dirname(f"{{home}}/{{name}}"), exist_ok=True)
                        open(f"{{home}}/{{name}}", "w").write("print('{MARK}')")
                    except OSError:
                        pass
            for name in ("COURSE/gradebook.db", "HOST_HOME/notes.txt"):
                for act in (os.unlink, lambda name: open(name, "a").write("x")):
                    try:
                        act(name)
                    except OSError:
                        pass"""),
    ),
    Attack(
        "calls-listeners",
        "listeners of the machine: on loopback, in a folder, under an abstract name",
        code("""\
            import socket
            places = [(socket.AF_INET, ("127.0.0.1", HOST_PORT)), (socket.AF_UNIX, "HOST_SOCKET")]
            places += [(socket.AF_UNIX, "\\0HOST_ABSTRACT")]
            places += [(socket.AF_INET, ("10.0.2.2", HOST_PORT))]
            for family, place in places:
                with socket.socket(family) as one:
                    one.settimeout(1)
                    try:
                        one.connect(place)
                        one.sendall(b"here")
                    except OSError as error:
                        print(error)"""),
    ),
    Attack(
        "leads-the-grader-astray",
        "the kernel's sockets are made links to a listener of the machine, and hung up",
        code(
            EACH_CONNECTION
            + """\
    import time
    for name in os.listdir("/tmp/kernel-sockets"):
        os.unlink(f"/tmp/kernel-sockets/{name}")
        os.symlink("HOST_SOCKET", f"/tmp/kernel-sockets/{name}")
    for one in connections():
        one.shutdown(socket.SHUT_RDWR)
    time.sleep(3)"""
        ),
    ),
    Attack(
        "kills",
        "every process that can be named is killed, the parent first",
        code("""\
            import os, signal
            for one in (os.getppid(), HOST_VICTIM, *range(2, 70_000), -1):
                for number in (signal.SIGSTOP, signal.SIGKILL):
                    try:
                        if one != os.getpid():
                            os.kill(one, number)
                    except OSError:
                        pass"""),
    ),
    Attack(
        "daemon",
        "a process that lives on and writes to the gradebook later",
        code(f"""\
            import os, subprocess, sys
            later = "import time, sqlite3\\n# {MARK}\\nwhile 1:\\n time.sleep(1)\\n try: sqlite3."
            later += "connect('COURSE/gradebook.db').execute('update grade set manual_score = 1')"
            later += "\\n except: 0"
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    subprocess.Popen([sys.executable, "-c", later], start_new_session=True)
                os._exit(0)"""),
    ),
]

LOOPS = [
    Attack(
        "loop-with-signals-ignored",
        "an endless loop that no interrupt ends",
        code("""\
            import signal
            for number in range(1, 32):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass"""),
        ended="did not stop",
    ),
    Attack(
        "loop-in-c",
        "a regular expression and a power that take for ever",
        code("import re\nre.match('(a|a)*$', 'a' * 90 + 'b')\n7 ** 7 ** 99"),
        ended="did not stop",
    ),
    Attack(
        "stopped",
        "the kernel stops itself",
        code("import os\nos.kill(os.getpid(), 19)"),
        ended="did not stop",
    ),
    Attack(
        "endless-function",
        "a function that never returns",
        code(ex2="def conv_params(filters, kernel_size, depth):\n    while True: pass"),
    ),
    Attack("endless-lines", "lines without an end", code("while True: print('more')")),
    Attack(
        "one-long-line",
        "400 MB on one line",
        code("print('x' * 400_000_000)"),
    ),
    Attack(
        "raw-streams",
        "the terminal's own streams, past Python's",
        code(
            "import os\nfor _ in range(4000):\n    os.write(1, b'x' * 99_999)\n    os.write(2, b'')"
        ),
    ),
    Attack(
        "empty-outputs",
        "outputs without end that hold nothing",
        code("""\
            import time
            kernel, end = get_ipython().kernel, time.monotonic() + 3
            content = {"data": {"text/plain": ""}, "metadata": {}}
            parent = kernel.get_parent("shell")
            while time.monotonic() < end:
                kernel.session.send(kernel.iopub_socket, "display_data", content, parent=parent)
"""),
    ),
    Attack(
        "thousands-of-outputs",
        "outputs of a few bytes, thousands of them, and long errors",
        code("for n in range(3000):\n    display(n)\nraise ValueError('x' * 10_000_000)"),
    ),
    Attack(
        "asks-for-input",
        "input() in a cell",
        code("input('name')\nimport getpass\ngetpass.getpass()"),
    ),
]
