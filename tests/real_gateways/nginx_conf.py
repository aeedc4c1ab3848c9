"""nginx as the fronts that people really put before a gateway: some right, most of them wrong in one way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from real_gateways.certificates import ANOTHER_HOST, LONG, LOOPBACK, Authority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HOUR: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where nginx listens, and what is behind it."""

    plain: int
    tls_good: int
    tls_wrong_host: int
    tls_expired: int
    gateway: int
    dead: int
    silent: int


# One process, for a second one would run as another user who may not enter the test's folder.
_TEMPLATE: Final = """
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 256; }}
http {{
  access_log access.log;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  root empty;
  proxy_read_timeout 20s;
  # The first request passes and the second does not.
  limit_req_zone $server_port zone=one:1m rate=1r/m;
  limit_req_status 429;

  server {{
    listen 127.0.0.1:{plain};
    location /wants-a-password/ {{ auth_basic "private"; auth_basic_user_file nobody.htpasswd; }}
    location /forbidden/ {{ deny all; }}
    location /limited/ {{ limit_req zone=one; proxy_pass http://127.0.0.1:{gateway}/; }}
    location /dead-upstream/ {{ proxy_pass http://127.0.0.1:{dead}/; }}
    location /silent-upstream/ {{ proxy_pass http://127.0.0.1:{silent}/; proxy_read_timeout 1s; }}
    location /small-bodies-only/ {{ client_max_body_size 1; proxy_pass http://127.0.0.1:{gateway}/; }}
    location /prefix/v1/ {{ proxy_pass http://127.0.0.1:{gateway}/v1/; }}
    location /login/ {{
      default_type text/html;
      return 200 "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";
    }}
    # The way of Azure: the key in a header of its own, a query on every request, and a header that names the team.
    location /own-manners/ {{
      if ($http_x_team = "") {{ return 403; }}
      if ($arg_tenant = "") {{ return 403; }}
      proxy_set_header Authorization "Bearer $http_api_key";
      proxy_pass http://127.0.0.1:{gateway}/;
    }}
    location /to-https/ {{ return 301 https://$host:{tls_good}$request_uri; }}
    location /echoes-the-key/ {{
      default_type application/json;
      return 401 '{{"error":{{"message":"Incorrect key: $http_authorization","type":"$http_authorization"}}}}';
    }}
    location /redirects-with-the-key/ {{ return 302 "https://login.example/start?token=$http_authorization"; }}
  }}

  gzip on;
  gzip_min_length 0;
  gzip_proxied any;
  gzip_types application/json;
  server {{
    listen 127.0.0.1:{tls_good} ssl;
    ssl_certificate good.pem;
    ssl_certificate_key good.pem;
    location / {{ proxy_pass http://127.0.0.1:{gateway}; }}
  }}
  server {{
    listen 127.0.0.1:{tls_wrong_host} ssl;
    ssl_certificate wrong-host.pem;
    ssl_certificate_key wrong-host.pem;
    location / {{ proxy_pass http://127.0.0.1:{gateway}; }}
  }}
  server {{
    listen 127.0.0.1:{tls_expired} ssl;
    ssl_certificate expired.pem;
    ssl_certificate_key expired.pem;
    location / {{ proxy_pass http://127.0.0.1:{gateway}; }}
  }}
}}
"""


def write(folder: Path, ports: Ports) -> Path:
    """Lay out nginx's folder; give the authority's certificate, for clients to trust."""
    authority = Authority.new()
    authority.issue(LOOPBACK, ends_in=LONG, to=folder / "good.pem")
    authority.issue(ANOTHER_HOST, ends_in=LONG, to=folder / "wrong-host.pem")
    authority.issue(LOOPBACK, ends_in=-_HOUR, to=folder / "expired.pem")
    (folder / "empty").mkdir()
    (folder / "nobody.htpasswd").touch()
    names = ("plain", "tls_good", "tls_wrong_host", "tls_expired", "gateway", "dead", "silent")
    values = {name: getattr(ports, name) for name in names}
    (folder / "nginx.conf").write_text(_TEMPLATE.format(**values))
    return authority.write(folder / "ca.pem")


def forwarding(port: int, locations: Mapping[str, str], *settings: str) -> str:
    """Give the configuration of an nginx that hands each location, such as `/on/`, on as its directives say."""
    lines = "".join(f"    location {place} {{ {directives} }}\n" for place, directives in locations.items())
    return f"""
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  {" ".join(settings)}
  server {{
    listen 127.0.0.1:{port};
{lines}  }}
}}
"""
