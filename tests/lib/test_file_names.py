"""A received file is called as its sender named it, with the ending of its type."""

import pytest

from app.lib.file_names import cleaned, noun, said, whole


@pytest.mark.parametrize(
    ("name", "content_type", "saved"),
    [
        ("", "application/pdf", "Attachment 4.pdf"),
        ("", "text/vcard", "Contact card 4.vcf"),
        ("", "text/x-vcard; charset=utf-8", "Contact card 4.vcf"),
        ("", "audio/ogg; codecs=opus", "Voice note 4.ogg"),
        ("", "image/heic", "Picture 4.heic"),
        ("", "Image/TIFF", "Picture 4.tiff"),
        ("", "image/svg+xml", "Picture 4.svg"),
        ("", "video/mp4", "Video 4.mp4"),
        ("", "application/x-msdownload", "Attachment 4.bin"),
        ("", "", "Attachment 4.bin"),
        ("Rechnung Jörg.pdf", "application/pdf", "Rechnung Jörg.pdf"),
        ("SCAN.PDF", "application/pdf", "SCAN.PDF"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("Invoice", "application/pdf", "Invoice.pdf"),
        # What it is, and not what it says that it is.
        ("invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"),
        ("setup.exe", "application/octet-stream", "setup.exe.bin"),
        (".pdf", "application/pdf", ".pdf.pdf"),
    ],
)
def test_a_name_ends_with_its_type(name: str, content_type: str, saved: str) -> None:
    assert whole(name, content_type, 4) == saved


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ann\\plan.pdf", "plan.pdf"),
        # Read from the right: it would be shown as an invoice with another ending.
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\r\nc\td\u2028e.pdf", "ab c d e.pdf"),
        ("\u200b\u2066\ufeff", ""),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("  .hidden. ", "hidden"),
        ("..", ""),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_has_no_path_and_nothing_that_is_not_seen(given: str, kept: str) -> None:
    assert cleaned(given) == kept


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Invoice 12.pdf", "Invoice 12.pdf"),
        (" ../Invoice.PDF ", "Invoice.PDF"),
        ("Here is the invoice", ""),
        ("Here it is:\ninvoice.pdf", ""),
        ("invoice.docx", ""),
        (".pdf", ""),
        ("", ""),
        ("x" * 200 + ".pdf", ""),
    ],
)
def test_a_text_that_is_a_name_and_nothing_else_is_the_documents(text: str, name: str) -> None:
    assert said(text, "application/pdf") == name


@pytest.mark.parametrize(
    ("content_type", "word"),
    [
        ("image/jpeg", "Picture"),
        ("audio/amr", "Voice note"),
        ("video/3gpp", "Video"),
        ("text/vcard", "Contact card"),
        ("application/pdf", "Attachment"),
    ],
)
def test_what_it_is_in_a_word(content_type: str, word: str) -> None:
    assert noun(content_type) == word
