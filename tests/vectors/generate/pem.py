"""Makes the test keys that are missing, with OpenSSL. They belong to no service and open nothing."""

import subprocess

import der
from common import PEM


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make(name, *arguments):
    path = PEM / f"{name}.pem"
    if not path.exists():
        openssl(*arguments, "-out", str(path))
        path.chmod(0o644)


def rsa(name, bits, *options):
    make(name, "genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}", *options)


def rsa2049():
    """OpenSSL makes a 2048-bit key when asked for 2049 bits: its primes, then, and arithmetic."""
    path = PEM / "rsa2049.pem"
    if path.exists():
        return

    def prime(bits):
        command = ["openssl", "prime", "-generate", "-bits", str(bits)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    numbers = {"n": 0}
    while numbers["n"].bit_length() != 2049:
        numbers = der.key_from(prime(1025), prime(1024), 65537)
    path.write_text(der.to_pem("PRIVATE KEY", der.pkcs8(der.pkcs1(numbers))), "ascii")


def main():
    PEM.mkdir(exist_ok=True)
    rsa("rsa2048_a", 2048)
    rsa("rsa2048_b", 2048)
    rsa("rsa2048_e3", 2048, "-pkeyopt", "rsa_keygen_pubexp:3")
    for bits in (1024, 2047, 2050, 2056, 3072, 4096, 4104):
        rsa(f"rsa{bits}", bits)
    rsa2049()
    a = str(PEM / "rsa2048_a.pem")
    make("rsa2048_a_pkcs1", "rsa", "-in", a, "-traditional")
    make("encrypted", "pkcs8", "-topk8", "-in", a, "-passout", "pass:test")
    make("encrypted_pkcs1", "rsa", "-in", a, "-traditional", "-aes128", "-passout", "pass:test")
    make("public", "pkey", "-in", a, "-pubout")
    make("public_pkcs1", "rsa", "-in", a, "-RSAPublicKey_out")
    make("certificate", "req", "-x509", "-key", a, "-subj", "/CN=test", "-days", "36500")
    make("cluster_ca", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=kubernetes", "-days", "36500")
    make("rsapss2048", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
    make("ec_p256", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    make("ec_p256_sec1", "ec", "-in", str(PEM / "ec_p256.pem"))
    make("ed25519", "genpkey", "-algorithm", "ED25519")
    make("x25519", "genpkey", "-algorithm", "X25519")


if __name__ == "__main__":
    main()
