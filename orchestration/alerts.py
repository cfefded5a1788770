"""Tells somebody that a run failed or a source is late: a webhook or a mail, whichever the environment names.

`ACPGVC_ALERT_WEBHOOK` (a URL that takes JSON with `subject` and `text`), `ACPGVC_ALERT_MAIL` (an address) with `ACPGVC_SMTP`
(host:port, default localhost:25). Neither set: nothing is sent. The webhook's URL may hold a secret: it is never shown.
"""

from __future__ import annotations

import json
import os
import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage
from urllib.parse import urlsplit

TIMEOUT_S = 20.0


class AlertFailed(Exception):
    """An alert could not be delivered."""


def send(subject: str, text: str) -> list[str]:
    """Deliver by every configured way; gives their names.

    Raises:
        AlertFailed: a configured way does not take the message.
    """
    sent: list[str] = []
    if url := os.environ.get("ACPGVC_ALERT_WEBHOOK"):
        _post(url, subject, text)
        sent.append("webhook")
    if address := os.environ.get("ACPGVC_ALERT_MAIL"):
        _mail(address, subject, text)
        sent.append("mail")
    return sent


def _post(url: str, subject: str, text: str) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise AlertFailed("ACPGVC_ALERT_WEBHOOK: expected an http or https URL. Remedy: correct the variable")
    body = json.dumps({"subject": subject, "text": text}, ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=TIMEOUT_S).close()
    except (OSError, urllib.error.HTTPError) as e:
        found = f"HTTP {e.code}" if isinstance(e, urllib.error.HTTPError) else type(e).__name__
        raise AlertFailed(f"webhook of ACPGVC_ALERT_WEBHOOK: expected 2xx, found {found}. Remedy: try the URL by hand") from None


def _mail(address: str, subject: str, text: str) -> None:
    host, _, port = os.environ.get("ACPGVC_SMTP", "localhost:25").partition(":")
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, address, address
    message.set_content(text)
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT_S) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as e:
        raise AlertFailed(f"mail by {host}: {type(e).__name__}: {e}. Remedy: check ACPGVC_SMTP and ACPGVC_ALERT_MAIL") from e
