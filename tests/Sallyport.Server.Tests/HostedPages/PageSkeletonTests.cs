using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Languages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>The first words of a page are in its HTML, where the widget will be.</summary>
public sealed partial class PageSkeletonTests(Servers servers) : IClassFixture<Servers>
{
    private const string Widget = """<script src="/js/mfa-widget/mfa-widget.js"></script><script>new Auth0MFAWidget({ container: "box" })</script>""";

    [Theory, Engines]
    public async Task The_default_page_contains_the_header_and_the_first_words_in_the_language_of_the_reader(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var email = (string)(await person.Management.GetAsync(person.UserPath))["email"]!;
        await PatchAsync(person, new { friendly_name = "Ada & Sons", picture_url = "https://example.com/logo.png?a=1&b=2", enabled_locales = new[] { "en", "de" } });

        var card = Card(await server.GetAsync($"/mfa/enrollment?ui_locales=de&ticket={await person.NewTicketAsync()}"));

        var german = Texts.Of(Language.All.Single(language => language.Name == "de"));
        card.ShouldContain("lang=\"de\"");
        card.ShouldContain("<p class=\"sp-tenant\">Ada &amp; Sons</p>");
        card.ShouldContain($"<bdi>{email.Replace("@", "<wbr>@")}</bdi>");
        card.ShouldContain("src=\"https://example.com/logo.png?a=1&amp;b=2\"");
        card.ShouldContain($"<h1 class=\"sp-heading\">{german.EnrollHeading}</h1>");
        card.ShouldContain(german.EnrollIntro);
        card.ShouldContain($"<noscript><p>{german.NoScript}</p></noscript>");
    }

    [Theory, Engines]
    public async Task The_page_of_a_dead_link_contains_its_error_and_no_user_name(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await PatchAsync(person, new { guardian_mfa_page = (object?)null });
        var ticket = await person.NewTicketAsync();
        await person.Guardian.EnrollAsync(ticket);

        var card = Card(await person.Server.GetAsync("/mfa/enrollment?ticket=" + ticket));

        card.ShouldContain("<h1 class=\"sp-heading\">This link has been used</h1>");
        card.ShouldNotContain("sp-intro");
        card.ShouldNotContain("sp-account");
    }

    /// <summary>The widget shows only the values that the template passes to it. Others would vanish when the widget starts.</summary>
    [Fact]
    public async Task The_first_words_of_a_custom_page_show_only_what_its_template_uses()
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await PatchAsync(person, new { friendly_name = "Acme", picture_url = "https://example.com/logo.png" });

        var bare = await ShowAsync(person, $"<h1>Hello</h1><div class='mfa' id='box'>\n</div>{Widget}");
        var full = await ShowAsync(person, $$$"""<td id=box></td>{{{Widget}}}<p hidden>{{ iconUrl }}{{ userData.tenant }}{{ userData.email }}</p>""");

        Card(bare).ShouldContain("<h2 class=\"sp-heading\">Set up your second step</h2>");
        Card(bare).ShouldNotContain("sp-logo");
        Card(bare).ShouldNotContain("sp-tenant");
        Card(bare).ShouldNotContain("sp-account");
        bare.Text.ShouldContain("<link rel=\"stylesheet\" href=\"/js/mfa-widget/mfa-widget.css\">");
        Card(full).ShouldContain("<p class=\"sp-tenant\">default</p>");
        Card(full).ShouldContain("sp-logo");
        Card(full).ShouldContain("sp-account");
    }

    [Fact]
    public async Task A_custom_page_with_its_own_dictionary_gets_no_built_in_texts()
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));

        var page = await ShowAsync(person, "<div id=\"box\"></div>" + Widget.Replace("\"box\"", "\"box\", languageDictionary: {}"));

        Card(page).ShouldNotContain("sp-heading");
    }

    [Theory]
    [InlineData("<div id=\"box\"><p>Please wait</p></div>")]
    [InlineData("<div id=\"other\"></div>")]
    [InlineData("<p id=\"box\"></p>")]
    public async Task A_custom_page_without_an_empty_container_is_unchanged(string container)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));

        (await ShowAsync(person, container + Widget)).Text.ShouldNotContain("sp-skeleton");
        (await ShowAsync(person, "<div id=\"container\"></div><p>No widget</p>")).Text.ShouldNotContain("sp-skeleton");
    }

    [Fact]
    public async Task Hostile_names_are_text_in_the_first_words()
    {
        const string Hostile = "</p><script>alert(1)</script>\"'<!-- {{ ticket }}\u202E";
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        await PatchAsync(person, new { friendly_name = Hostile });

        var card = Card(await server.GetAsync("/mfa/enrollment?ticket=" + await person.NewTicketAsync()));

        card.ShouldContain("<p class=\"sp-tenant\">&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&lt;!-- &#123;&#123; ticket }}</p>");
    }

    private static async Task<Answer> ShowAsync(Person person, string html)
    {
        await PatchAsync(person, new { guardian_mfa_page = new { enabled = true, html } });
        return await person.Server.GetAsync("/mfa/enrollment?ticket=" + await person.NewTicketAsync());
    }

    private static async Task PatchAsync(Person person, object body) =>
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", body)).ShouldBe(HttpStatusCode.OK);

    private static string Card(Answer page) => Skeleton().Matches(page.Text).ShouldHaveSingleItem().Value;

    [GeneratedRegex("""<div class="sp-root sp-skeleton".*?</noscript>\s*</div>\s*</div></div>""", RegexOptions.Singleline)]
    private static partial Regex Skeleton();
}
