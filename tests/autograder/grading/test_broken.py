"""Broken but honest classes graded by plain `nbgrader autograde`.

Nobody stops anybody, right answers keep their points, and what was put right is said in the
graded notebook and in the receipt.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.autograder.grading.broken import (
    Broken,
    also,
    answered,
    by_name,
    heavy,
    known,
    lost_from,
    own,
    then,
    thousands,
)
from tests.autograder.grading.classroom import TESTS, UNIT, Graded, Student, graded, new_course
from tests.autograder.grading.test_intake import CELLS, OWN
from tests.autograder.grading.test_reading import ELSEWHERE, LOST, READABLE

FIRST, LAST = Broken("0_first", "an honest first"), Broken("zz_last", "an honest last")
MATHS = "    return filters * kernel_size**2 * depth + filters"
PARAMS = "def conv_params(filters, kernel_size, depth):\n"


KERAS = "layers.Conv2D(4, 3, strides=2), layers.Flatten(), layers.Dense(10)"
UNSTATED = frozenset({"whatever nbgrader gives"})


def answer_2(*lines: str, above: str = "") -> str:
    """An answer to exercise 2 that does something before it computes."""
    return f"{above}\n{PARAMS}" + "".join(f"    {line}\n" for line in lines) + MATHS


# A row each: what the formatter would make of them is four times as long.
# fmt: off
BESIDE = (
    Broken("helper_module", "imports a file of its own", then(
        also("helper.py", "def count(f, k, d):\n    return f * k * k * d + f"),
        answered("ex2-answer", "from helper import count as conv_params")), note=None),
    Broken("data_files", "reads files beside it", then(
        also("data/widths.csv", "64,896,47"),
        answered("ex1-answer", "width, params, width_b = np.loadtxt('data/widths.csv',"
                 " delimiter=',').astype(int)")), note=None),
    Broken("thousands", "thousands of files beside it", thousands, note="files"),
    Broken("thousands_helper", "the same, and imports one", then(
        thousands, also("helper.py", "width, params, width_b = 64, 896, 47"),
        answered("ex1-answer", "from helper import *"))),
    Broken("big_data", "a file of 30 MB beside it", also("a.bin", bytes(30_000_000)),
           note="a.bin"),
    Broken("outputs_100_mb", "outputs of 100 MB", heavy(100)),
    Broken("outputs_300_mb", "outputs of 300 MB", heavy(300), frozenset(TESTS),
           "clear its outputs"),
)
MORE = (
    Broken("stamp_folder", "a folder timestamp.txt",
           lambda h: (h.folder / "timestamp.txt").mkdir()),
)
KERNELS = (
    Broken("own_loop", "an endless loop of its own", own("ex1-graded", "while True:\n    pass")),
    Broken("answer_loop", "an endless loop in an answer", answered(
        "ex3-answer", "while True:\n    pass\nsums = 3"), lost_from("ex3", to="ex3")),
    Broken("call_loop", "a function that does not end for a case", answered(
        "ex2-answer", answer_2("while kernel_size == 7: pass")), frozenset({"ex2-graded"})),
    Broken("stubborn", "a loop that nothing ends", own(
        "ex2-graded", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True: pass"), lost_from("ex3"), "did not stop"),
    Broken("raises", "an exception in a cell", own("ex1-graded", "1 / 0")),
    Broken("no_python", "no Python in a cell", own("ex1-graded", "Hello, world!\n  x")),
    Broken("exits", "exit() in a cell", own("ex2-graded", "exit()")),
    Broken("exits_slowly", "exit(), and an answer that takes a second", then(
        own("ex2-graded", "exit()"), own("ex2-graded", "import time\ntime.sleep(1)", after=2))),
    Broken("quits", "quit() at the end", own(
        "ex5-answer", "import time\nquit()\ntime.sleep(1)")),
    Broken("dies", "os._exit", own("ex1-graded", "import os\nos._exit(1)"),
           lost_from("ex2"), "ended"),
    Broken("sys_exits", "sys.exit", own("ex2-graded", "import sys\nsys.exit(3)"), note=None),
    Broken("call_exits", "a function that exits", answered(
        "ex2-answer", answer_2("if kernel_size == 7: raise SystemExit")),
        frozenset({"ex2-graded"})),
    Broken("resets", "%reset", own("ex2-graded", "%reset -f"), lost_from("ex3", to="ex3")),
    Broken("deletes_np", "del np", own("ex2-graded", "del np"), lost_from("ex3", to="ex3")),
    Broken("asks", "input()", own("first", "name = input('Name? ')")),
    Broken("call_asks", "a function that asks", answered(
        "ex2-answer", answer_2("input()")), lost_from("ex2", to="ex2")),
    Broken("magics", "magics and commands", then(
        own("first", "%matplotlib inline\n%timeit -n1 -r1 sum(range(9))\n!ls\n%cd ..\n%pwd"),
        own("train", "%%bash\necho hello\nexit 1"), own("train", "!pip install nothing-at-all"),
        answered("ex1-answer", "%%time\nwidth, params, width_b = 64, 896, 47"))),
    Broken("writes_a_module", "%%writefile", then(
        own("first", "%%writefile mine.py\nW = 64"),
        answered("ex1-answer", "import mine\nwidth, params, width_b = mine.W, 896, 47"))),
    Broken("plots", "a plot", own("first", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
                                  "plt.show()")),
    Broken("call_warns", "a function that warns", answered("ex2-answer", answer_2(
        "import sys, warnings; print(1, file=sys.stderr)", "warnings.warn('slow')"))),
    Broken("widgets", "widgets", own(
        "first", "import ipywidgets as w\nw.interact(lambda x: x, x=3)")),
    Broken("prints_5_mb", "5 MB printed", own("first", "print('x' * 5_000_000)\nseen = 1")),
    Broken("prints_lines", "100,000 lines", own("first", "for n in range(100_000): print(n)")),
    Broken("warns", "a flood of warnings", own(
        "first", "import sys, warnings\nfor n in range(20_000): print('warning', file=sys.stderr)\n"
        "for n in range(200): warnings.warn(f'{n}')")),
    Broken("builtins", "names of builtins", own(
        "first", "list, max, print, sum, str, type, int, len, dict, tuple = [1], 3, None, 0, 's',"
        " 1, 2, 3, 4, 5"), note=None),
    Broken("modules", "names of modules", own(
        "first", "numpy = 3\nL = 4\ncheck = 5\nQuestion = variant = attempted = 6\n"
        "check_parts = CONV_VALID = cases = layer = row = wanted = Computation = 'mine'"),
        note=None),
    Broken("json_gone", "names in modules", own("first", "import json, zmq\njson = zmq = None")),
    Broken("stars", "imports with a star", own("first", "from math import *\nfrom numpy import *\n"
                                               "from pylab import *")),
    Broken("strict", "warnings are errors", own(
        "first", "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')")),
    Broken("shallow", "a low limit of recursion", own(
        "first", "import sys\nsys.setrecursionlimit(10**6)\ndef f(): return f()")),
    Broken("redirects", "its own stdout", own(
        "first", "import sys\nsys.stdout = open('log', 'w')")),
    Broken("threads", "threads left running", own(
        "first", "import threading, time\nfor n in range(20):\n"
        "    threading.Thread(target=time.sleep, args=(999,)).start()"), note=None),
    Broken("processes", "a pool of processes", own(
        "first", "from multiprocessing import Pool\nwith Pool(2) as p: print(p.map(abs, [-1]))")),
    Broken("elsewhere", "os.chdir", own("first", "import os\nos.chdir('/')"), note=None),
    Broken("awaits", "await", own("first", "import asyncio\nawait asyncio.sleep(0.1)"), note=None),
    Broken("too_much", "too large an array", own("first", "big = np.ones((90_000, 90_000))")),
    Broken("recursive", "endless recursion", own("first", "def f(n): return f(n + 1)\nf(0)")),
)
# fmt: on
STOPPERS = by_name([*ELSEWHERE, *LOST, *MORE], "in_folder a_folder stamp_folder")
STOPS = {one.name for one in STOPPERS}
"""Who is graded with two others only, for fear of what happens."""
EVERYDAY = by_name(
    (*CELLS, *READABLE, *LOST, *ELSEWHERE, *BESIDE, *KERNELS),
    "helpers stripped a_pipe dies",
)


def grade(
    tmp_path_factory: pytest.TempPathFactory, students: Iterable[Student], *words: str
) -> Graded:
    """A class, with an honest first and an honest last."""
    course = new_course(tmp_path_factory.mktemp("broken") / "course")
    return graded(course, [FIRST, *students, LAST], *words, seconds=1_500)


def require_fair(done: Graded, student: Broken) -> None:
    """What the student earned, and what has to be said of the notebook, in both places."""
    points = done.points[student.name]
    earned = {name for name in TESTS if points[name] == 1}
    told = done.notebook(student.name).metadata["convdims"]["notes"]
    receipt = done.receipt(student.name)
    said = "\n".join(told)
    assert earned == set(TESTS) - student.missed, said
    assert set(receipt["notes"]) <= set(told)
    assert bool(receipt["ended"]) == ("kernel ended" in said)
    if student.note is None:
        assert said == ""
    assert re.search(student.note or "", said), told
    assert "Traceback" not in said
    assert "/tmp" not in said
    for note in told:
        assert note[0].isupper() or UNIT in note.split()[0].lower() or note[0] == "e"
        assert note.endswith(".")
        assert len(note) < 400


def require_class(done: Graded, students: Iterable[Broken]) -> None:
    """All of the class was graded, the honest first and last with full points."""
    assert done.returncode == 0, done.printed[-3000:]
    assert "Traceback" not in done.printed
    wanted = {one.name for one in students}
    assert {FIRST.name, LAST.name, *wanted} <= set(done.points)
    for one in (FIRST, LAST):
        require_fair(done, one)


@pytest.fixture(scope="module")
def everyday(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return grade(tmp_path_factory, EVERYDAY)


def test_the_everyday_class_is_graded(everyday: Graded) -> None:
    require_class(everyday, EVERYDAY)


@pytest.mark.parametrize("student", known(EVERYDAY))
def test_each_of_the_everyday_class_is_treated_fairly(everyday: Graded, student: Broken) -> None:
    require_fair(everyday, student)


def test_own_cells_stay_where_they_were(everyday: Graded) -> None:
    cells = everyday.notebook("helpers").cells
    ids = [cell.id for cell in cells]
    (mine,) = (n for n, cell in enumerate(cells) if OWN in cell.source)
    assert (ids[mine - 1], ids[mine + 1]) == ("ex1-graded", "ex2-answer")


CLASSES = {
    "cells": (CELLS, ()),
    "files": ((*READABLE, *LOST, *ELSEWHERE, *BESIDE), ()),
    "kernels": (KERNELS, ("--ExecutePreprocessor.timeout=4",)),
}


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Graded]:
    """The classes, each graded when it is first asked for."""

    @cache
    def graded_class(name: str) -> Graded:
        students, words = CLASSES[name]
        some = [one for one in students if one.name not in STOPS]
        return grade(tmp_path_factory, some, *words)

    return graded_class


@pytest.mark.slow
@pytest.mark.parametrize("name", CLASSES)
def test_a_whole_class_is_graded(classes: Callable[[str], Graded], name: str) -> None:
    require_class(classes(name), [one for one in CLASSES[name][0] if one.name not in STOPS])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "student"),
    [
        pytest.param(name, *one.values, id=f"{name}-{one.id}", marks=one.marks)
        for name, (students, _) in CLASSES.items()
        for one in known([s for s in students if s.name not in STOPS])
    ],
)
def test_each_is_treated_fairly(
    classes: Callable[[str], Graded], name: str, student: Broken
) -> None:
    require_fair(classes(name), student)


# fmt: off
HONEST = (
    Broken("scalars", "NumPy's numbers", then(
        answered("ex1-answer", "width, params = np.int64(64), np.uint16(896)\nwidth_b = 47"),
        answered("ex2-answer", PARAMS + "    return np.int32(filters) + np.prod("
                 "[filters, kernel_size, kernel_size, depth])"),
        answered("ex3-answer", "sums = np.float16([3, 7, 11])\nsums_b = np.float32([[3, 3.5]])"))),
    Broken("floats", "floats that are whole", then(
        answered("ex1-answer", "width, params, width_b = 64.0, 896e0, 94 / 2"),
        answered("ex2-answer", PARAMS + "    return filters * (kernel_size**2.0 * depth + 1)"),
        answered("ex3-answer", "sums = (3.0, 7, 11)\nsums_b = ((3, 7 / 2),)"))),
    Broken("arrays", "arrays of no dimension", then(
        answered("ex1-answer", "width, params, width_b = map(np.array, (64, 896.0, 47))"),
        answered("ex2-answer", answer_2("filters = np.array(filters)")),
        answered("ex3-answer", "sums = [np.int64(3), np.float32(7), 11]\n"
                 "sums_b = [np.array([3.0, 3.5])]"))),
    Broken("partial", "functools", then(
        own("first", "from functools import lru_cache, partial\nBIAS = 1\n"
                     "def area(k): return 0 if k == 0 else area(k - 1) + 2 * k - 1"),
        answered("ex2-answer", "@lru_cache\ndef count(bias, filters, kernel_size, depth):\n"
                 "    return filters * (area(kernel_size) * depth + bias)\n"
                 "conv_params = partial(count, BIAS)"))),
    Broken("lambda_", "a lambda, and a design in a Stack", then(
        answered("ex2-answer", "conv_params = lambda f, k, d=1, *, bias=1: f * (k * k * d + bias)"),
        answered("ex5-answer", "from course import Stack\nfrom course.layers import *\n"
                 "design = Stack([Conv2D(4, 3, strides=2), Flatten(), Dense(10)])"))),
    Broken("talks", "a function that prints and plots", answered("ex2-answer", answer_2(
        "print('called', filters)", "import matplotlib.pyplot as plt; plt.plot([1])"))),
    Broken("callable", "an object that can be called", answered(
        "ex2-answer", "class Count:\n    def __call__(self, filters, kernel_size, depth):\n"
        "        return filters * (kernel_size**2 * depth + 1)\nconv_params = Count()")),
    Broken("raises_once", "a function that fails for a case", answered(
        "ex2-answer", answer_2("assert kernel_size != 7, 'why?'")), frozenset({"ex2-graded"})),
    Broken("changed_global", "a name that is changed between the tests", then(
        own("ex2-test", "BIAS = 0"),
        answered("ex2-answer", "BIAS = 1\n" + PARAMS
                 + "    return filters * (kernel_size**2 * depth + BIAS)")),
        frozenset({"ex2-graded"})),
    Broken("texts", "numbers in quotes", then(
        answered("ex1-answer", "width, params, width_b = '64', '896', 'forty-seven'"),
        answered("ex3-answer", "sums = ['3', '7', '11']\nsums_b = '[[3.0, 3.5]]'"),
        answered("ex5-answer", "design = 'Conv2D'")), lost_from("ex1", to="ex1")
        | lost_from("ex3", to="ex3") | lost_from("ex5")),
    Broken("fractions", "other kinds of numbers", then(
        answered("ex1-answer", "from fractions import Fraction\nfrom decimal import Decimal\n"
                 "width, params, width_b = Fraction(64), Decimal(896), complex(47)"),
        answered("ex2-answer", answer_2("filters = Fraction(filters)")),
        answered("ex3-answer", "sums = [Fraction(3), 7]\nsums_b = np.array([[3, 3.5]], object)")),
        UNSTATED),
    Broken("containers", "other containers", then(
        answered("ex1-answer", "width, params, width_b = [64], (896,), {47}"),
        answered("ex2-answer", PARAMS + "    return [filters * (kernel_size**2 * depth + 1)]"),
        answered("ex3-answer", "sums = range(3, 12, 4)\nsums_b = np.ma.array([[3, 3.5]])")),
        UNSTATED),
    Broken("subclasses", "classes of its own", then(
        answered("ex1-answer", "import enum\nclass I(int): pass\nclass E(enum.IntEnum): A = 896\n"
                 "width, params, width_b = I(64), E.A, True"),
        answered("ex3-answer", "sums = np.matrix([3, 7, 11])\nimport collections\n"
                 "sums_b = collections.UserList([[3, 3.5]])")), UNSTATED),
    Broken("huge", "numbers without end", then(
        answered("ex1-answer", "width, params, width_b = 10**6000, float('nan'), -float('inf')"),
        answered("ex2-answer", PARAMS + "    return 10**40000"),
        answered("ex3-answer", "sums = np.zeros(5_000_000)\nsums_b = [[[[[[[3]]]]]]]")), UNSTATED),
    Broken("none", "nothing, or something yet to come", then(
        answered("ex1-answer", "width = None\nparams = ...\nwidth_b = NotImplemented"),
        answered("ex2-answer", PARAMS + "    pass"),
        answered("ex3-answer", "sums = [..., 7, 11]\nsums_b = []")), UNSTATED),
    Broken("generator", "a generator, a class and a module", then(
        answered("ex1-answer", "width, params, width_b = (n for n in (64,)), int, np"),
        answered("ex2-answer", PARAMS + "    yield 1")), UNSTATED),
    Broken("mixed", "names that are not there, and what hides behind them", then(
        answered("ex1-answer", "width = 64"), answered("ex2-answer", "import math as conv_params"),
        answered("ex3-answer", "sums, sums_b = sum, {0: 3}")), UNSTATED),
    Broken("signature", "a function of other arguments", then(
        answered("ex2-answer", "def conv_params(filters, depth):\n    return 3")), UNSTATED),
    Broken("tensors", "TensorFlow's", then(
        answered("ex1-answer", "import tensorflow as tf\nwidth, params = tf.constant(64), 896\n"
                 "width_b = tf.Variable(47)"),
        answered("ex2-answer", PARAMS
                 + "    return tf.constant(filters * (kernel_size**2 * depth + 1))"),
        answered("ex3-answer", "sums = tf.constant([3, 7, 11])\nsums_b = tf.Variable([[3, 3.5]])")),
        UNSTATED),
    Broken("sequential", "keras.Sequential", answered(
        "ex5-answer", f"import keras\nfrom keras import layers\ndesign = keras.Sequential([\n"
        f"    keras.Input((28, 28, 1)), {KERAS}])")),
    Broken("unbuilt", "keras.Sequential without an input", answered(
        "ex5-answer", f"import keras\nfrom keras import layers\n"
        f"design = keras.Sequential([{KERAS}])")),
    Broken("functional", "a functional model", answered(
        "ex5-answer", "import keras\nfrom keras import layers\n"
        "x = given = keras.Input((28, 28, 1))\n"
        f"for layer in [{KERAS}]:\n    x = layer(x)\ndesign = keras.Model(given, x)\n"
        "design.compile('adam', 'mse')")),
    Broken("keras_list", "a list of Keras's layers", answered(
        "ex5-answer", f"from keras import layers\ndesign = ({KERAS})"), UNSTATED),
)
# fmt: on


def stock(course: Path) -> None:
    """nbgrader's own steps in place of the course's."""
    config = course / "nbgrader_config.py"
    ours = (
        "c.Autograde.",
        "c.Grade.",
        "c.SandboxProvisioner.",
        "c.ExecutePreprocessor.kernel_name",
    )
    lines = config.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(ours)]
    assert len(lines) - len(kept) >= 5
    config.write_text("".join(kept), encoding="utf-8")


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graded, Graded]:
    """The honest class, graded with and without the judge and the sandbox."""
    plain = new_course(tmp_path_factory.mktemp("stock") / "course")
    stock(plain)
    return grade(tmp_path_factory, HONEST), graded(plain, [FIRST, *HONEST, LAST], seconds=1_500)


@pytest.mark.slow
@pytest.mark.parametrize("student", known(HONEST))
def test_the_judge_gives_what_the_notebook_itself_would(
    compared: tuple[Graded, Graded], student: Broken
) -> None:
    """Exercise by exercise; the fourth is left out, as plain nbgrader does not say whose it is."""
    judged, plain = (
        {name: done.points[student.name][name] for name in TESTS if name[:3] != "ex4"}
        for done in compared
    )
    assert judged == plain
    require_fair(compared[0], student) if student.missed != UNSTATED else None


@pytest.mark.slow
def test_the_honest_class_is_graded_both_ways(compared: tuple[Graded, Graded]) -> None:
    for done in compared:
        assert set(done.points) == {FIRST.name, LAST.name, *(one.name for one in HONEST)}
        assert set(done.points[FIRST.name].values()) >= {1.0}
        for name, points in done.points[LAST.name].items():
            assert points == 1 or name == "essay-task" or name[:3] == "ex4"


@pytest.mark.slow
@pytest.mark.parametrize("student", known(STOPPERS))
def test_no_folder_in_a_file_s_place_stops_a_class(
    tmp_path_factory: pytest.TempPathFactory, student: Broken
) -> None:
    done = grade(tmp_path_factory, [student])
    require_class(done, [student])
    require_fair(done, student)
