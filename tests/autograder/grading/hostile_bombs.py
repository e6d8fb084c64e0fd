"""Hostile students who take more memory, files or processes than there are."""

from tests.autograder.grading.hostile_students import Attack, code

_LIBC = """\
    import ctypes, mmap, os, time
    libc = ctypes.CDLL(None)
    libc.mmap.restype = libc.shmat.restype = ctypes.c_void_p
    number = ctypes.c_size_t
    libc.mmap.argtypes = [ctypes.c_void_p, number, ctypes.c_int, ctypes.c_int, ctypes.c_int, number]
    MB = 1 << 20
"""
_MEMORY = "of memory"

BOMBS = [
    Attack("8-gb", "8 GB in one process", code("x = bytearray(8 << 30)\nx[::4096] = x[::4096]")),
    Attack(
        "8-gb-in-eight",
        "1 GB in each of eight processes",
        code("""\
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    held = [bytearray(b"x" * (1 << 20)) for _ in range(600)]
                    time.sleep(60)
            time.sleep(5)"""),
        ended=_MEMORY,
    ),
    Attack(
        "named-shared-memory",
        "shared memory under names",
        code("""\
            from multiprocessing import shared_memory
            import time
            kept = []
            for _ in range(9):
                one = shared_memory.SharedMemory(create=True, size=100 << 20)
                one.buf[:] = b"x" * (100 << 20)
                kept.append(one)
            time.sleep(5)"""),
        ended=_MEMORY,
    ),
    Attack(
        "memory-file",
        "a file in memory that only a descriptor holds",
        code(
            _LIBC + "    for _ in range(9):\n        f = os.memfd_create('x')\n"
            "        for _ in range(100): os.write(f, b'x' * MB)\n    time.sleep(5)"
        ),
    ),
    Attack(
        "memory-file-mapped",
        "files in memory that are mapped, never touched, and closed",
        code(
            _LIBC
            + """\
    for _ in range(9):
        file = os.memfd_create("x")
        for _ in range(100):
            os.write(file, b"x" * MB)
        libc.mmap(None, 100 * MB, 1, 1, file, 0)
        os.close(file)
    time.sleep(3)"""
        ),
    ),
    Attack(
        "memory-let-go",
        "shared memory that is let go of and stays",
        code(
            _LIBC
            + """\
    kept = []
    for _ in range(9):
        kept.append(mmap.mmap(-1, 100 * MB))
        for _ in range(10):
            kept[-1].write(b"x" * 10 * MB)
        kept[-1].madvise(mmap.MADV_DONTNEED)
        time.sleep(0.05)
    time.sleep(3)"""
        ),
        ended=_MEMORY,
    ),
    Attack(
        "system-v",
        "System V's shared memory, detached",
        code(
            _LIBC
            + """\
    for _ in range(9):
        place = libc.shmat(libc.shmget(0, 100 * MB, 0o1600), None, 0)
        ctypes.memset(place, 1, 100 * MB)
        libc.shmdt(ctypes.c_void_p(place))
        time.sleep(0.05)
    time.sleep(3)"""
        ),
        ended="its code ended",
    ),
    Attack(
        "memory-in-flight",
        "files in memory that are on their way through a socket",
        code(
            _LIBC
            + """\
    import array, socket
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(9)]
    for one, _ in pairs:
        file = os.memfd_create("x")
        for _ in range(100):
            os.write(file, b"x" * MB)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))
        one.sendmsg([b"x"], [rights])
        os.close(file)
    time.sleep(3)"""
        ),
    ),
    Attack(
        "page-tables",
        "page tables of endless empty memory",
        code(
            _LIBC
            + """\
    size = 500 << 30
    place = libc.mmap(None, size, 1, 0x4022, -1, 0)
    libc.madvise(ctypes.c_void_p(place), number(size), 15)
    for at in range(0, size, 2 * MB):
        ctypes.c_byte.from_address(place + at).value
    time.sleep(3)"""
        ),
        ended=_MEMORY,
    ),
    Attack(
        "empty-files",
        "files that hold nothing, each of which takes memory",
        code("""\
            import os, time
            os.mkdir("/tmp/x")
            for n in range(900_000):
                os.mknod(f"/tmp/x/{n}")
            time.sleep(1)"""),
        ended=_MEMORY,
    ),
    Attack(
        "fork-bomb",
        "processes that make processes",
        code("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
        ended="processes",
    ),
    Attack(
        "fills-the-disk",
        "all temporary folders are filled, and one file is as large as can be",
        code("""\
            import os
            for home in ("/tmp", "/dev/shm", "/var/tmp", ".", os.path.expanduser("~")):
                for n in range(100):
                    try:
                        with open(f"{home}/{n}", "wb") as file:
                            for _ in range(100): file.write(b"x" * (1 << 20))
                    except OSError: pass"""),
        ended=_MEMORY,
    ),
    Attack(
        "hundred-thousand-files",
        "100,000 small files beside the notebook, and a file that is large only by name",
        code("""\
            for n in range(100_000):
                with open(f"{n}.txt", "w") as file: file.write("x")
            with open("sparse", "wb") as file:
                try: file.truncate(200 << 30)
                except OSError: pass"""),
    ),
    Attack(
        "threads",
        "thousands of threads, and all descriptors that there are",
        code("""\
            import os, threading, time
            try:
                for _ in range(5000):
                    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            except RuntimeError: pass
            try:
                while True: os.pipe()
            except OSError: pass"""),
    ),
]
