"""Certificates of the lab's own authority: trusted by who has its file, for the names that they are for."""

import ssl

import pytest

from labkit.brokers.authority import Authority

NAME = "b-1234-1.mq.us-east-1.amazonaws.com"


def handshake(server, client, name):
    """Both sides of a TLS handshake in memory."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [client.wrap_bio(down, up, server_hostname=name), server.wrap_bio(up, down, server_side=True)]
    while sides:
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                continue


@pytest.fixture
def server(tmp_path):
    """A server's side with a certificate, and who issued it."""
    authority = Authority()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue([NAME], tmp_path).pem())
    return authority, context


def test_who_has_the_authoritys_file_trusts_its_servers(server):
    authority, context = server
    handshake(context, ssl.create_default_context(cafile=authority.file), NAME)


def test_another_name_is_refused(server):
    authority, context = server
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(context, ssl.create_default_context(cafile=authority.file), NAME.replace("-1.", "-2."))


def test_who_trusts_another_authority_refuses(server):
    _, context = server
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(context, ssl.create_default_context(cafile=Authority().file), NAME)


def test_a_key_can_be_read_by_this_user_alone(tmp_path):
    _, key = Authority().issue([NAME], tmp_path).pem()
    assert key.stat().st_mode & 0o077 == 0
