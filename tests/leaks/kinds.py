"""The secrets under test: what they look like, and how the command line is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STRONG_KEY: Final = "sk-proj-Hq7Rw2Nf9Kd4Xz6Lt8Bv3Mc5Jy1Pg0SaUeWo"
"""The key of environments whose secret under test is something else."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One secret, and where the user keeps it."""

    name: str
    secret: str
    kept_in: str = "key"
    """key, prompt, header, query or proxy; what is `generated` or kept `nowhere` comes from the server."""
    is_secret: bool = True
    """False for a placeholder, which everyone knows."""

    @property
    def is_prose(self) -> bool:
        return self.kept_in in {"prompt", "generated"}

    @property
    def variables(self) -> dict[str, str]:
        """The environment's variables; what the file names is set, whether it is used or not."""
        return {"GATEWAY_KEY": self.secret if self.kept_in == "key" else STRONG_KEY, "SECRET": self.secret}

    def settings(self, port: int) -> str:
        """Give the lines of environments.toml that bring the secret in."""
        match self.kept_in:
            case "prompt":
                return f'prompt = "{self.secret}"'
            case "header":
                return 'headers = { "X-Tenant" = "${SECRET}" }'
            case "query":
                return 'query = { "workspace" = "${SECRET}" }'
            case "proxy":
                return f'proxy = "http://relay:${{SECRET}}@127.0.0.1:{port}"'
            case _:
                return ""


KINDS: Final = (
    Kind("provider-prefixed", "sk-proj-Tz4Vn8Qk2Wm6Xr1Yb5Lc9Hd3Jf7Gp0SaEuIoNt4Rw8"),
    Kind("nine-alphanumerics", "q7Zr2Kx9m"),
    Kind("32-hex", "9f8e3b7a1c5d2f604e8b6a9d7c3f1e52"),
    Kind("special-characters", "p@ss/w0rd+Zq==!"),
    Kind("plain-words", "correct-horse-battery-staple"),
    Kind("uuid", "7d3f9c1e-4b8a-4e2d-9f6b-1c5a8e3d7b90"),
    Kind("12-digits", "483920175566"),
    Kind("anthropic", "sk-ant-api03-Kf8Ws2Qz6Lm4Xv9Tb1Rn7Hc3Jd5Gy0PaUeIoWk6Zt2Nq-8Vx4Rb-AA"),
    Kind("mixed-40", "bN4tQw8Zr2Kx6Vm1Lp9Hs3Jc7Gd5Fy0TaUeIoXk2"),
    Kind("prompt", "Summarise the merger between Northwind Traders and Fabrikam before Thursday noon.", "prompt"),
    Kind("prompt in Japanese", "東京支店の売上と人員計画を三行で要約してください", "prompt"),
    Kind("prompt in Russian", "Составь письмо заказчику про задержку поставки насосов в Казань", "prompt"),
    Kind("header-value", "tenant-Wq83Zk50Lm27", "header"),
    Kind("query-value", "Rv61Tb94Xn38Kp", "query"),
    Kind("proxy-password", "Gh52Zq87Lw16", "proxy"),
    Kind("weak", "Zk4p9w"),
    Kind("placeholder", "EMPTY", is_secret=False),
    Kind("well-known", "abc123"),
)
