using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Messages;

public sealed partial class BuiltInMailTests
{
    private const string Link = "https://mfa.example.com/mfa/enrollment?ticket=a&b";

    private static readonly TenantSettings Acme = new()
    {
        FriendlyName = "Acme",
        SupportEmail = "help@acme.example",
        SupportUrl = "https://acme.example/help?a&b",
    };

    public static TheoryData<string> Languages() => [.. Language.All.Select(language => language.Name)];

    [Theory, MemberData(nameof(Languages))]
    public void Text_and_HTML_have_the_same_content(string language)
    {
        var (texts, text, shown) = Write(MailKind.Enrollment, language, new MailRequest("ada@example.com", User: null) { Link = Link });

        foreach (var sentence in new[] { texts.MailGreeting, texts.MailDuration, texts.MailOnce, texts.MailUnexpected, Link, "help@acme.example", Acme.SupportUrl! })
        {
            text.ShouldContain(sentence);
            shown.ShouldContain(sentence);
        }

        text.ShouldContain(texts.MailOpenLink);
        shown.ShouldContain(texts.MailButton);
        shown.ShouldContain(texts.MailCopyLink);
    }

    [Fact]
    public void The_support_contact_is_a_link_and_missing_if_the_tenant_has_none()
    {
        var request = new MailRequest("ada@example.com", User: null) { Link = Link };
        var english = new Locale(Language.English, Language.English.Tag);

        var (_, text, html) = BuiltInMail.Write(MailKind.Enrollment.TextsOf(english.Texts), Acme, request, english);
        var (_, textWithout, htmlWithout) = BuiltInMail.Write(
            MailKind.Enrollment.TextsOf(english.Texts), Acme with { SupportEmail = null, SupportUrl = "" }, request, english);

        text.ShouldContain("Questions? Contact help@acme.example / https://acme.example/help?a&b");
        html.ShouldContain("href=\"mailto:help@acme.example\"");
        html.ShouldContain("href=\"https://acme.example/help?a&amp;b\"");
        (textWithout + htmlWithout).ShouldNotContain("Questions?");
    }

    [Fact]
    public void A_mail_with_a_code_shows_it_in_place_of_the_link()
    {
        var kind = new MailKind("mfa_oob_code", _ => new MailTexts("{code} is your code for {tenant}", "{tenant} reason.", "Enter this code:", "Once.", "Unexpected."));

        var (_, text, shown) = Write(kind, "en", new MailRequest("ada@example.com", User: null) { Code = "123456" });

        text.ShouldBe("""
            Hello,

            Acme reason.

            Enter this code:

            123456

            Once. Unexpected.

            Questions? Contact help@acme.example / https://acme.example/help?a&b
            """.ReplaceLineEndings("\n"));
        shown.ShouldContain("Enter this code: 123456 Once.");
        shown.ShouldNotContain("button");
    }

    [Fact]
    public void A_mail_to_the_administrator_greets_nobody_by_name_and_names_no_support_contact()
    {
        var kind = new MailKind("mfa_sign_in_report", _ => new MailTexts("Subject", "{tenant} reason.", null, null, null) { Warning = "Warning." });
        var request = new MailRequest("help@acme.example", new User { UserId = "auth0|ada", Name = "Ada" })
        {
            IsToAdministrator = true,
            Details = [new MailDetail("User", "ada@example.com (auth0|ada)")],
        };

        var (_, text, shown) = Write(kind, "en", request);

        text.ShouldBe("Hello,\n\nAcme reason.\n\nUser: ada@example.com (auth0|ada)\n\nWarning.");
        shown.ShouldNotContain("Questions?");
    }

    /// <summary>A direction on the paragraph would also move it to the other side.</summary>
    [Fact]
    public void In_Arabic_a_code_begins_where_the_other_lines_begin()
    {
        var language = Language.All.Single(language => language.Name == "ar");

        var (_, _, html) = BuiltInMail.Write(
            new MailTexts("", "", "", "", ""), Acme, new MailRequest("ada@example.com", User: null) { Code = "123456" }, new Locale(language, language.Tag));

        html.ShouldContain("<bdi dir=\"ltr\">123456</bdi>");
        html.ShouldNotContain("<p dir=");
    }

    [Fact]
    public void There_is_a_dark_version()
    {
        var english = new Locale(Language.English, Language.English.Tag);

        var (_, _, html) = BuiltInMail.Write(
            MailKind.Verification.TextsOf(english.Texts), Acme, new MailRequest("ada@example.com", User: null) { Link = Link }, english);

        html.ShouldContain("@media (prefers-color-scheme: dark)");
        html.ShouldContain("<meta name=\"color-scheme\" content=\"light dark\">");
    }

    private static (Texts Texts, string Text, string Shown) Write(MailKind kind, string name, MailRequest request)
    {
        var language = Language.All.Single(language => language.Name == name);
        var locale = new Locale(language, language.Tag);
        var (_, text, html) = BuiltInMail.Write(kind.TextsOf(locale.Texts), Acme, request, locale);
        var body = html[html.IndexOf("<body", StringComparison.Ordinal)..];
        return (locale.Texts, text, Blanks().Replace(WebUtility.HtmlDecode(Tags().Replace(body, " ")), " "));
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("[ \n]+")]
    private static partial Regex Blanks();
}
