"""`python -m local.sample`: writes samples/customers.csv anew."""

from local.paths import SAMPLE
from local.sample.export import sample_bytes

if __name__ == "__main__":
    SAMPLE.parent.mkdir(exist_ok=True)
    print(f"{SAMPLE}: {SAMPLE.write_bytes(sample_bytes())} bytes")
