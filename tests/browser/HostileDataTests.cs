using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Languages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>
/// Prints hostile texts in every variable at every place of a page, with a template that escapes nothing. The page has no
/// content security policy, so only the escaping by the server keeps the texts from running.
/// </summary>
public sealed class HostileDataTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Variables =
    [
        "ticket", "requestToken", "postActionURL", "mfaServerUrl", "globalTrackingId", "userData.userId", "userData.email",
        "userData.friendlyUserId", "userData.tenant", "userData.tenantFriendlyName", "iconUrl", "supportEmail", "supportUrl", "pageUrl",
        "errors[0].message", "errors[0].code",
    ];

    public static TheoryData<string> Texts =>
    [
        "O'Brien & Söhne <x>",
        "\"'`><img src=x onerror=owned()><svg onload=owned()>",
        "</script><script>owned()</script></title></textarea></style><script>owned()</script>",
        "');owned();// \");owned();// `);owned();// ${owned()} '+owned()+'",
        "&#39;);owned();// &apos;+owned()+&apos; &quot;+owned()+&quot; &lt;script&gt;owned()&lt;/script&gt; &amp;",
        "x onfocus=owned() autofocus onmouseover=owned() style=animation-name:x onanimationstart=owned() /onload=owned()",
        "%3Cscript%3Eowned()%3C/script%3E PHNjcmlwdD5vd25lZCgpPC9zY3JpcHQ+",
        "--><script>owned()</script><!--<script> ]]><script>owned()</script>",
        "a\\",
        "a\\\\' \\u0027+owned()+\\x27 \\",
        "one\ntwo\r\nthree\u2028four\u2029five\tsix\n-->owned()\n*/owned()/*",
        "{{ 7 | times: 7 }}{% if true %}owned{% endif %}{{{{",
        "javascript:owned()//\n",
        "日本語 ✓ 😀 ﷺ é \u00A0 end",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_hostile_text_is_displayed_unchanged_at_every_place_of_a_page(string text)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.RouteAsync("**/*", route => route.FulfillAsync(new() { Body = Render(server, text), ContentType = "text/html; charset=utf-8" }));

        await visitor.Page.GotoAsync(server.Url);
        var seen = await visitor.Page.EvaluateAsync<string>(
            "() => { document.querySelectorAll('.run').forEach((node) => node.click()); return JSON.stringify(window.seen()); }");

        (await visitor.Page.EvaluateAsync<int>("() => window.count")).ShouldBe(0, "the text was run");
        visitor.Errors.ShouldBeEmpty();
        var places = JsonSerializer.Deserialize<Dictionary<string, string>>(seen)!;
        places.Count.ShouldBe(15 * Variables.Length);
        foreach (var (place, read) in places)
        {
            // Browsers normalize line endings; everything else must be unchanged.
            Normal(read).ShouldBe(Normal(text), place);
        }

        (await visitor.Page.Locator("#all *:not([id])").CountAsync()).ShouldBe(0, "the text became elements");
        (await visitor.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.bare')].flatMap((node) => node.getAttributeNames())"))
            .Distinct().Order().ShouldBe(["class", "id", "title"]);
    }

    private static string Normal(string text) => text.ReplaceLineEndings("\n");

    private static string Render(TestServer server, string text)
    {
        var data = new PageData
        {
            Locale = LanguageChoice.Choose(enabled: null, uiLocales: text, acceptLanguage: text),
            Ticket = text,
            RequestToken = text,
            PostActionUrl = text,
            MfaServerUrl = text,
            GlobalTrackingId = text,
            IconUrl = text,
            SupportEmail = text,
            SupportUrl = text,
            PageUrl = text,
            Error = new PageError(text, text),
            User = new PageUser { UserId = text, Email = text, FriendlyUserId = text, Tenant = text, TenantFriendlyName = text },
        };
        LiquidTemplate.TryParse(Template(), LiquidLimits.Default, out var template, out var error).ShouldBeTrue(error?.ToString());
        return server.Services.GetRequiredService<PageRenderer>().Render(template!, data).Page.ShouldNotBeNull().Html;
    }

    /// <summary>The id of each place contains the number of its variable.</summary>
    private static string Template() => $$$"""
        <!doctype html><html><head><meta charset="utf-8"><title>{{ userData.friendlyUserId }}</title>
        <script>
          window.count = 0; function owned() { window.count += 1; }
          window.kept = {}; function keep(id, value) { window.kept[id] = value; }
          window.seen = () => ({
            ...window.kept,
            ...Object.fromEntries([...document.querySelectorAll('.text')].map((node) => [node.id, node.value ?? node.textContent])),
            ...Object.fromEntries([...document.querySelectorAll('[title]')].map((node) => [node.id, node.title])),
          });
        </script></head><body id="all">
        {{{string.Concat(Variables.Select((name, i) => Places(i, $$$"""{{ {{{name}}} }}""", name)))}}}
        </body></html>
        """;

    private static string Places(int i, string print, string name) => $$$"""
        <p id="p{{{i}}}" class="text">{{{print}}}</p>
        <pre id="e{{{i}}}" class="text">{{ {{{name}}} | escape }}</pre>
        <pre id="c{{{i}}}" class="text">{{ {{{name}}} | url_encode | url_decode }}</pre>
        <p id="C{{{i}}}" class="bare" title={{ {{{name}}} | base64_encode | base64_decode }}></p>
        <script id="y{{{i}}}">keep("jc{{{i}}}", "{{ {{{name}}} | url_encode | url_decode }}");</script>
        <textarea id="t{{{i}}}" class="text">
        {{{print}}}</textarea>
        <p id="d{{{i}}}" title="{{{print}}}"></p>
        <p id="s{{{i}}}" title='{{{print}}}'></p>
        <p id="u{{{i}}}" class="bare" title={{{print}}}></p>
        <p id="r{{{i}}}" class="run" onclick="keep('h{{{i}}}', '{{{print}}}')"></p>
        <p id="R{{{i}}}" class="run" onclick=keep('b{{{i}}}',"{{{print}}}")></p>
        <script id="x{{{i}}}">
          keep("js{{{i}}}", "{{{print}}}"); keep("jd{{{i}}}", '{{{print}}}'); keep("jt{{{i}}}", `{{{print}}}`); /* {{{print}}} */ // {{{print}}}
          keep("jj{{{i}}}", {{ {{{name}}} | json }});
        </script>
        <!-- {{{print}}} -->
        """;
}
