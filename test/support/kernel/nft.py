"""nft commands through libnftables in this process: some 0.1 ms a transaction, where an nft process takes 3 ms to 0.5 s."""
import ctypes

_nft = ctypes.CDLL("libnftables.so.1")
for _name, _result, _args in (
    ("new", ctypes.c_void_p, [ctypes.c_uint32]),
    ("free", None, [ctypes.c_void_p]),
    ("buffer_error", ctypes.c_int, [ctypes.c_void_p]),
    ("get_error_buffer", ctypes.c_char_p, [ctypes.c_void_p]),
    ("buffer_output", ctypes.c_int, [ctypes.c_void_p]),
    ("get_output_buffer", ctypes.c_char_p, [ctypes.c_void_p]),
    ("output_set_flags", None, [ctypes.c_void_p, ctypes.c_uint]),
):
    _function = getattr(_nft, "nft_ctx_" + _name)
    _function.restype, _function.argtypes = _result, _args
_nft.nft_run_cmd_from_buffer.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
JSON_OUTPUT = 1 << 4


class Nft:
    """A handle of the namespace that the process is in when it is made and used."""

    def __init__(self):
        self.context = _nft.nft_ctx_new(0)
        _nft.nft_ctx_buffer_error(self.context)
        _nft.nft_ctx_buffer_output(self.context)

    def run(self, text, json=False):
        """What nft prints; ValueError with its message when it refuses."""
        _nft.nft_ctx_output_set_flags(self.context, JSON_OUTPUT if json else 0)
        if _nft.nft_run_cmd_from_buffer(self.context, text.encode()):
            raise ValueError((_nft.nft_ctx_get_error_buffer(self.context) or b"nft failed").decode())
        return (_nft.nft_ctx_get_output_buffer(self.context) or b"").decode()

    def close(self):
        _nft.nft_ctx_free(self.context)
