# SPDX-License-Identifier: MIT
"""Runs libgcrypt's own self tests, and its ciphers, digests and authentication codes on texts of
many lengths; prints a digest of each one's results. Encrypted texts are also decrypted."""

import ctypes
import hashlib
import random

LIB = ctypes.CDLL("libgcrypt.so.20")
SELFTEST, FINISHED = 57, 38  # of enum gcry_ctl_cmds
CIPHERS = {"AES": 7, "AES192": 8, "AES256": 9, "TWOFISH": 10, "SERPENT256": 306, "CAMELLIA128": 310,
           "CAMELLIA256": 312, "SM4": 318, "CHACHA20": 316, "ARIA256": 321}
MODES = {"ECB": 1, "CFB": 2, "CBC": 3, "OFB": 5, "CTR": 6, "GCM": 9, "OCB": 11, "XTS": 13,
         "POLY1305": 10, "STREAM": 4}
DIGESTS = {"MD5": 1, "SHA1": 2, "SHA256": 8, "SHA512": 10, "SHA224": 11, "CRC32": 302,
           "SHA3_256": 313, "SHA3_512": 315, "BLAKE2B_512": 318, "BLAKE2S_256": 322, "SM3": 326,
           "CRC24_RFC2440": 304}
MACS = {"POLY1305": 501, "GMAC_AES": 401, "CMAC_AES": 201, "HMAC_SHA256": 101}
LENGTHS = [16, 32, 48, 64, 80, 128, 144, 256, 272, 512, 1040, 4096, 16400]


def crypt(cipher, mode, text, key, vector, enciphers):
    handle = ctypes.c_void_p()
    if LIB.gcry_cipher_open(ctypes.byref(handle), cipher, mode, 0):
        return None
    LIB.gcry_cipher_setkey(handle, key, ctypes.c_size_t(len(key)))
    LIB.gcry_cipher_setiv(handle, vector, ctypes.c_size_t(len(vector)))
    data = ctypes.create_string_buffer(text, len(text))
    call = LIB.gcry_cipher_encrypt if enciphers else LIB.gcry_cipher_decrypt
    if mode in (MODES["OCB"], MODES["GCM"]):
        LIB.gcry_cipher_ctl(handle, 56, None, ctypes.c_size_t(0))  # GCRYCTL_FINALIZE
    error = call(handle, data, ctypes.c_size_t(len(text)), None, ctypes.c_size_t(0))
    tag = ctypes.create_string_buffer(16)
    if mode in (MODES["GCM"], MODES["OCB"], MODES["POLY1305"]):
        LIB.gcry_cipher_gettag(handle, tag, ctypes.c_size_t(16))
    LIB.gcry_cipher_close(handle)
    return None if error else data.raw + tag.raw


def sum_of_cipher(name, mode):
    total = hashlib.blake2s()
    size = LIB.gcry_cipher_get_algo_keylen(CIPHERS[name]) * (2 if mode == "XTS" else 1)
    bytes_of_vector = 12 if mode in ("GCM", "OCB", "POLY1305") or name == "CHACHA20" else 16
    for length in LENGTHS:
        text, key = random.randbytes(length), random.randbytes(size)
        vector = random.randbytes(bytes_of_vector)
        hidden = crypt(CIPHERS[name], MODES[mode], text, key, vector, True)
        if hidden is None:
            return None
        again = crypt(CIPHERS[name], MODES[mode], hidden[:length], key, vector, False)
        assert again[:length] == text, "%s-%s of %d does not come back" % (name, mode, length)
        total.update(hidden)
    return total.hexdigest()


def sum_of_digest(algorithm):
    total = hashlib.blake2s()
    size = LIB.gcry_md_get_algo_dlen(algorithm)
    for length in [*range(130), *LENGTHS, 65551]:
        text, out = random.randbytes(length), ctypes.create_string_buffer(max(size, 1))
        LIB.gcry_md_hash_buffer(algorithm, out, text, ctypes.c_size_t(length))
        total.update(out.raw)
    return total.hexdigest()


def sum_of_mac(algorithm):
    total = hashlib.blake2s()
    for length in LENGTHS:
        handle, size = ctypes.c_void_p(), ctypes.c_size_t(64)
        out = ctypes.create_string_buffer(64)
        LIB.gcry_mac_open(ctypes.byref(handle), algorithm, 0, None)
        key = random.randbytes(32 if algorithm == MACS["POLY1305"] else 16)
        LIB.gcry_mac_setkey(handle, key, ctypes.c_size_t(len(key)))
        if algorithm == MACS["GMAC_AES"]:
            LIB.gcry_mac_setiv(handle, key[:12], ctypes.c_size_t(12))
        text = random.randbytes(length)
        LIB.gcry_mac_write(handle, text, ctypes.c_size_t(length))
        LIB.gcry_mac_read(handle, out, ctypes.byref(size))
        LIB.gcry_mac_close(handle)
        total.update(out.raw[:size.value])
    return total.hexdigest()


def main():
    LIB.gcry_check_version.restype = ctypes.c_char_p
    LIB.gcry_check_version(None)
    LIB.gcry_control(FINISHED, 0)
    print("self tests", LIB.gcry_control(SELFTEST))
    for name in CIPHERS:
        for mode in MODES:
            random.seed(name + mode)
            found = sum_of_cipher(name, mode)
            if found:
                print(name, mode, found)
    for kind, sums in ((DIGESTS, sum_of_digest), (MACS, sum_of_mac)):
        for name, algorithm in kind.items():
            random.seed(name)
            print(name, sums(algorithm))


main()
