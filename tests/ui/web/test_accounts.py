from __future__ import annotations

import os
import stat
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.web import accounts as accounts_module
from ui.web import passwords
from ui.web.accounts import Accounts, account_name, read_accounts, write_account
from ui.web.passwords import AuthError, hash_password

PASSWORD = "correct horse 电池"
HASHED = hash_password(PASSWORD)
NAMES = st.text(
    st.one_of(
        st.sampled_from("张三李四１２ａＢ.-_@éあя"), st.characters(categories=["Lu", "Ll", "Lo", "Lm", "Nd"])
    ),
    min_size=1,
    max_size=64,
).filter(lambda text: account_name(text) is not None)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "accounts"


def refusal(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthError) as raised:
        read_accounts(path)
    return raised.value


def test_whoever_is_in_the_file_comes_in_with_their_password_only(path):
    path.write_text(f"# 名单\n\n张三:{HASHED}\r\n  bob : {HASHED}  \n", encoding="utf-8")

    accounts = read_accounts(path)

    assert accounts.names == ("张三", "bob")
    assert accounts.check("张三", PASSWORD)
    assert not accounts.check("张三", PASSWORD + "!")
    assert not accounts.check("李四", PASSWORD)


def test_a_name_is_the_same_in_full_width(path):
    path.write_text(f"ｂｏｂ１：{HASHED}\n", encoding="utf-8")

    assert read_accounts(path).check("bob１", PASSWORD)


def test_a_file_that_an_editor_marked_as_utf8_is_read(path):
    path.write_text(f"bob:{HASHED}\n", encoding="utf-8-sig")

    assert read_accounts(path).names == ("bob",)


def test_the_environment_may_hold_accounts_on_one_line(monkeypatch):
    monkeypatch.setenv("YIGAI_AUTH", f"bob:{HASHED};张三:{HASHED}; # nobody else")

    assert read_accounts("env").names == ("bob", "张三")


def test_an_empty_variable_is_an_error(monkeypatch):
    monkeypatch.setenv("YIGAI_AUTH", " ; ")

    with pytest.raises(AuthError, match="YIGAI_AUTH names nobody"):
        read_accounts("env")


@pytest.mark.parametrize(
    "line",
    [
        "bob:hunter2-secret",
        "bob:",
        ":hunter2-secret",
        "hunter2-secret",
        "bob:scrypt$hunter2-secret",
        f"bob:{HASHED} hunter2-secret",
        f"bob/../hunter2-secret:{HASHED}",
        f"{'a' * 65}hunter2-secret:{HASHED}",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_line_that_is_no_account_is_named_by_its_number_and_never_repeated(path, line, language):
    error = refusal(path, f"# names\nalice:{HASHED}\n{line}\n").localised(language)

    assert f"{path}:3" in error
    assert "yigai password" in error
    assert "hunter2" not in error


def test_two_lines_for_one_name_are_an_error(path):
    assert "'bob' stands there twice" in str(refusal(path, f"bob:{HASHED}\nｂob:{HASHED}\n"))


@pytest.mark.parametrize("text", ["", "\n", "# nobody\n"])
def test_a_file_that_names_nobody_is_an_error(path, text):
    assert "names nobody" in str(refusal(path, text))


def test_a_file_that_is_not_there_is_an_error_that_says_how_to_make_it(path):
    with pytest.raises(AuthError, match=r"No such file.*yigai password NAME --auth "):
        read_accounts(path)


def test_a_file_that_is_no_text_is_an_error(path):
    path.write_bytes(b"bob:\xff\xfe")

    with pytest.raises(AuthError, match="not UTF-8"):
        read_accounts(path)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
@pytest.mark.parametrize(("mode", "warnings"), [(0o600, 0), (0o640, 1), (0o604, 1), (0o400, 0)])
def test_a_file_that_others_may_open_is_used_with_a_warning(path, mode, warnings):
    write_account(path, "bob", PASSWORD)
    path.chmod(mode)

    found = read_accounts(path).warnings

    assert len(found) == warnings
    assert all(f"chmod 600 {path}" in warning.localised("zh") for warning in found)


def test_accounts_do_not_show_their_hashes_when_printed():
    assert "scrypt" not in repr(Accounts(hashes_by_name={"bob": HASHED}))


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(monkeypatch):
    checked = []

    def counted(password, hashed):
        checked.append(hashed)
        return False

    monkeypatch.setattr(accounts_module, "verify_password", counted)
    accounts = Accounts(hashes_by_name={"bob": HASHED})
    for name in ("bob", "nobody", "no name!", ""):
        assert not accounts.check(name, PASSWORD)

    assert checked == [HASHED, passwords.NOBODY, passwords.NOBODY, passwords.NOBODY]


def test_a_hash_that_fits_does_not_let_a_name_in_that_is_not_there(monkeypatch):
    monkeypatch.setattr(accounts_module, "verify_password", lambda *_: True)

    assert not Accounts(hashes_by_name={"bob": HASHED}).check("alice", PASSWORD)


def test_writing_keeps_every_other_line_and_changes_only_its_own(path):
    path.write_text(
        f"# 名单：上\nalice:{HASHED}\r\n\nbob:old-plain\n  # bob: 说明\nbroken\nbob:twice", encoding="utf-8"
    )

    write_account(path, "ｂｏｂ", PASSWORD)

    lines = path.read_bytes().decode("utf-8").split("\n")
    assert lines[:3] == ["# 名单：上", f"alice:{HASHED}\r", ""]
    assert lines[3].startswith("bob:scrypt$")
    assert lines[4:] == ["  # bob: 说明", "broken"]


@pytest.mark.parametrize("before", ["", "\n\n", "# names", "# names\n\n"])
def test_a_new_account_is_added_at_the_end(path, before):
    path.write_text(before, encoding="utf-8")

    write_account(path, "bob", PASSWORD)

    text = path.read_text(encoding="utf-8")
    assert text.startswith(before.strip())
    assert text.endswith("\n")
    assert not text.startswith("\n")
    assert read_accounts(path).check("bob", PASSWORD)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
def test_the_file_is_for_its_owner_only_also_where_it_was_open_before(path):
    path.write_text("# names\n", encoding="utf-8")
    path.chmod(0o644)

    write_account(path, "bob", PASSWORD)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_writing_through_a_link_changes_what_it_points_to(path, tmp_path):
    path.write_text("# names\n", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(path)

    write_account(link, "bob", PASSWORD)

    assert link.is_symlink()
    assert read_accounts(path).names == ("bob",)


@pytest.mark.parametrize("short", ["", "1234567", "ﬀ12345", "密码密码"])
def test_a_short_password_is_refused_and_nothing_is_written(path, short):
    with pytest.raises(AuthError, match="too short"):
        write_account(path, "bob", short)

    assert not path.exists()


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a:b", "a\nb", "#bob", "a;b", "bob\u202e", "\u0301a", "x" * 65]
)
def test_a_name_that_could_be_misread_is_refused(path, name):
    with pytest.raises(AuthError, match="cannot be a name"):
        write_account(path, name, PASSWORD)

    assert not path.exists()


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(AuthError, match="No such file"):
        write_account(tmp_path / "none" / "accounts", "bob", PASSWORD)


def test_when_the_file_cannot_be_replaced_the_old_one_stays_whole_and_nothing_is_left_over(path, monkeypatch):
    path.write_text(f"alice:{HASHED}\n", encoding="utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AuthError, match="No space left"):
        write_account(path, "bob", PASSWORD)

    assert path.read_text(encoding="utf-8") == f"alice:{HASHED}\n"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@settings(max_examples=40, deadline=None)
@given(accounts=st.dictionaries(NAMES, st.text(min_size=24, max_size=40), min_size=1, max_size=5))
def test_what_is_written_is_read_again(tmp_path_factory, accounts):
    path = tmp_path_factory.mktemp("round") / "accounts"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2)
        for name, password in accounts.items():
            write_account(path, name, password)

    found = read_accounts(path)

    last = {unicodedata.normalize("NFKC", name): password for name, password in accounts.items()}
    assert set(found.names) == set(last)
    assert all(found.check(name, password) for name, password in last.items())


@given(st.text())
def test_any_text_is_accounts_or_an_error(text):
    try:
        found = accounts_module._parse(text, where="x", file="x")
    except AuthError:
        return
    assert found
