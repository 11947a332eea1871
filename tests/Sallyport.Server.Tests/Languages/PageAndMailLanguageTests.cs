using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Languages;

/// <summary>The language of pages and mails.</summary>
public sealed class PageAndMailLanguageTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Enabled = ["en", "de", "ar"];

    [Theory, Engines]
    public async Task A_page_is_in_the_language_of_its_reader(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = Enabled }))
            .ShouldBe(HttpStatusCode.OK);

        (await OpenAsync(person, ticket, "", "sv")).ShouldContain("<html lang=\"en\" dir=\"ltr\"");
        var german = await OpenAsync(person, ticket, "", "de-CH, en;q=0.5");
        german.ShouldContain("<html lang=\"de\" dir=\"ltr\"");
        german.ShouldContain("<title>Zweiten Schritt einrichten");
        german.ShouldContain("Diese Seite braucht JavaScript");
        (await OpenAsync(person, ticket, "&ui_locales=fr%20ar", "de")).ShouldContain("<html lang=\"ar\" dir=\"rtl\"");
        (await OpenAsync(person, ticket + "x", "&ui_locales=de", "en")).ShouldContain("Dieser Link ist nicht bekannt.");
    }

    [Theory, Engines]
    public async Task A_mail_is_in_the_requested_language(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");

        (await management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, send_mail = true, email_locale = "ar" }))
            .ShouldBe(HttpStatusCode.OK);

        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Html.ShouldContain("<html lang=\"ar\" dir=\"rtl\">");
        mail.Headers["Subject"].ShouldContain("خطوتك الثانية");
        mail.Text.ShouldContain("/mfa/enrollment?ticket=");
    }

    private static async Task<string> OpenAsync(Person person, string ticket, string query, string acceptLanguage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{person.Server.Url}/mfa/enrollment?ticket={ticket}{query}");
        request.Headers.TryAddWithoutValidation("Accept-Language", acceptLanguage);
        using var response = await person.Server.Http.SendAsync(request);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }
}
