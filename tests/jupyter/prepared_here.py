"""What the forked kernels of test_forked_kernels.py find imported."""

ORDERS: list[str] = []
