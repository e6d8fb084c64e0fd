"""A student's kernel, and what it hands over: run in a sandbox, asked for plain data.

type_names.py    stand-ins for what is no plain data
plain_data.py    values on their way from a kernel to the judge and back
networks.py      the same for layers, stacks and Keras models
sandbox.py       what a kernel can see and do, as bubblewrap's command
refused_calls.py system calls that it is refused
small_files.py   files that students hand in, read and copied without trust
wall.py          Landlock, a second wall inside it
process_limit.py a limit on processes that holds for root too
watching.py      limits on all processes of a sandbox together
kernel.py        the kernel itself, with an ear for the judge's requests
provisioner.py   Jupyter's way to start it: in the sandbox, or refused
"""
