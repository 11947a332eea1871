using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Requests that are made to confuse or attack the server.</summary>
public sealed class HostileRequestTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Member_names_are_case_sensitive(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("letters@example.com");

        var patched = await management.SendAsync(
            HttpMethod.Patch,
            $"/users/{Uri.EscapeDataString(userId)}",
            new Dictionary<string, string> { ["PassWord"] = "", ["BLOCKED"] = "x", ["Email"] = "other@example.com" });

        var user = patched.ShouldBe(HttpStatusCode.OK);
        ((string)user["email"]!).ShouldBe("letters@example.com");
        user["blocked"].ShouldBeNull();
        user["last_password_reset"].ShouldBeNull();
        var ticket = await management.CreateTicketAsync(userId);
        using var body = new StringContent("""{"State_Transport":{},"STATE_TRANSPORT":1}""", Encoding.UTF8, "application/json");
        (await new GuardianApi(server).SendAsync("start-flow", $"Ticket id=\"{ticket}\"", body)).ShouldBe(HttpStatusCode.Created);
    }

    [Theory, Engines]
    public async Task A_truncated_form_and_one_in_an_unsupported_charset_are_refused(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        foreach (var (type, body) in new[]
        {
            ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc"),
            ("application/x-www-form-urlencoded; charset=utf-7", "grant_type=a"),
        })
        {
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var response = await server.Http.PostAsync("/oauth/token", content, TestContext.Current.CancellationToken);

            var answer = await Answer.ReadAsync(response);
            ((string)answer.ShouldBe(HttpStatusCode.BadRequest)["error"]!).ShouldBe("invalid_request");
        }
    }

    [Theory, Engines]
    public async Task A_percent_sign_in_an_id_is_decoded_once(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        foreach (var (suffix, email) in new[] { ("x/1", "slash@example.com"), ("x%2F1", "percent@example.com") })
        {
            (await management.SendAsync(HttpMethod.Post, "/users", new { connection = "c", user_id = suffix, email })).ShouldBe(HttpStatusCode.Created);
        }

        (await management.SendAsync(HttpMethod.Delete, "/users/auth0%7Cx%252F1")).ShouldBe(HttpStatusCode.NoContent);

        ((string)(await management.GetAsync("/users/auth0%7Cx%2F1"))["email"]!).ShouldBe("slash@example.com");
        (await management.SendAsync(HttpMethod.Get, "/users/auth0%7Cx%252F1")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
    }

    [Theory, Engines]
    public async Task A_tenant_name_that_looks_like_a_placeholder_is_shown_unchanged(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        (await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = "A {{ data }}" })).ShouldBe(HttpStatusCode.OK);
        var ticket = await management.CreateTicketAsync(await management.CreateUserAsync());

        var page = await server.Http.GetStringAsync($"/mfa/enrollment?ticket={ticket}", TestContext.Current.CancellationToken);

        WebUtility.HtmlDecode(page).ShouldContain("<title>Set up your second step – A {{ data }}</title>");
    }

    [Theory, Engines]
    public async Task Merged_metadata_has_a_size_limit(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var path = "/users/" + Uri.EscapeDataString(await management.CreateUserAsync());
        (await management.SendAsync(HttpMethod.Patch, path, new { user_metadata = new { a = new string('a', 200_000) } })).ShouldBe(HttpStatusCode.OK);

        var refused = await management.SendAsync(HttpMethod.Patch, path, new { user_metadata = new { b = new string('b', 100_000) } });

        refused.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await management.GetAsync(path))["user_metadata"]!["b"].ShouldBeNull();
    }

    [Fact]
    public async Task Only_the_server_can_read_the_files_of_its_data_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix file modes.");
        var server = await servers.GetAsync(Engine.Sqlite);

        foreach (var file in Directory.EnumerateFiles(server.Options.DataDirectory, "*", SearchOption.AllDirectories))
        {
#pragma warning disable CA1416 // Skipped on Windows.
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
#pragma warning restore CA1416
        }
    }
}
