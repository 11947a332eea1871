using System.Net;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>
/// Requirements for every mail that the server sends, in a language with long words and one from right to left, with long names. Saves pictures of
/// them, see <see cref="Screenshots"/>.
/// </summary>
public sealed class MailTests
{
    private const string Tenant = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk Ada & Sons <Bank> 東京";
    private const string Support = "help@ada-and-sons.example";
    private const string Name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe عائشة";

    /// <summary>A mail program shows a mail in the width that it has; nothing may be wider.</summary>
    private const string Overflow = """
        () => {
          const page = document.documentElement;
          const wide = [...document.querySelectorAll('body *')].filter((node) => node.getBoundingClientRect().right > page.clientWidth + 0.5
            || node.getBoundingClientRect().left < -0.5);
          const names = wide.map((node) => `${node.tagName} "${node.textContent.trim().slice(0, 30)}" leaves the page`);
          return page.scrollWidth > page.clientWidth ? [`the mail is ${page.scrollWidth} wide`, ...names] : names;
        }
        """;

    [Fact]
    public async Task Every_mail_fits_and_is_accessible_in_light_and_dark()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var mails = await SendEveryMailAsync(server);
        var problems = new List<string>();

        foreach (var (device, scheme) in new[]
        {
            ("desktop", ColorScheme.Light), ("desktop", ColorScheme.Dark), ("phone", ColorScheme.Light), ("phone", ColorScheme.Dark),
        })
        {
            await using var visitor = await Visitor.OpenAsync(device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
            foreach (var (name, html) in mails)
            {
                await visitor.Page.SetContentAsync(html);
                await Screenshots.SaveAsync(visitor.Page, $"mail-{name}-{device}-{scheme}".ToLowerInvariant());
                problems.AddRange((await visitor.Page.EvaluateAsync<string[]>(Overflow)).Concat(await Accessibility.ProblemsAsync(visitor.Page))
                    .Select(problem => $"{name} {device} {scheme}: {problem}"));
            }
        }

        problems.ShouldBeEmpty();
    }

    /// <returns>The HTML of each mail, under the name of its kind and its language.</returns>
    private static async Task<List<(string Name, string Html)>> SendEveryMailAsync(TestServer server)
    {
        var management = new ManagementApi(server);
        var mails = new List<(string, string)>();
        foreach (var language in new[] { "en", "de", "ar" })
        {
            await SendAsync(HttpMethod.Patch, "/tenants/settings", new
            {
                friendly_name = Tenant,
                enabled_locales = new[] { language },
                support_email = Support,
                support_url = "https://ada-and-sons.example/help",
            });
            await SendAsync(HttpMethod.Put, "/guardian/factors/email", new { enabled = true });
            var email = $"ada-{language}@example.com";
            var created = await SendAsync(HttpMethod.Post, "/users", new { connection = "db", email, email_verified = true, name = Name });
            var userId = (string)created.Json!["user_id"]!;
            await AddAsync("enrollment", () => SendAsync(HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, send_mail = true }));
            await AddAsync("verification", () => SendAsync(HttpMethod.Post, "/jobs/verification-email", new { user_id = userId }));
            var guardian = new GuardianApi(server);
            var flow = await guardian.StartAsync(await management.CreateTicketAsync(userId));
            await AddAsync("code", () => guardian.SendAsync("send-email", "Bearer " + flow.Token));
            await AddAsync("factors", () => guardian.VerifyAsync(flow, guardian.CodeOf(flow)));
            var (phone, enrolled) = await Phone.EnrollAsync(await Person.CreateAsync(server));
            var push = await phone.RequestPushAsync(enrolled);
            await AddAsync("report", () => phone.RejectAsync(push, "not_me"), Support);

            async Task AddAsync(string kind, Func<Task<Answer>> send, string? to = null)
            {
                var before = Mail.ListFilesTo(server, to ?? email);
                await send();
                var mail = await Mail.WaitAsync(server, to ?? email, before);
                mails.Add(($"{kind}-{language}", mail.Html));
            }
        }

        return mails;

        async Task<Answer> SendAsync(HttpMethod method, string path, object body)
        {
            var answer = await management.SendAsync(method, path, body);
            answer.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
            return answer;
        }
    }
}
