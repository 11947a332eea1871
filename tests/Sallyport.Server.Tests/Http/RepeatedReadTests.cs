using System.Net;
using Microsoft.AspNetCore.Routing;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Reads have no side effects: every GET answers the same twice and changes nothing in the database.</summary>
public sealed class RepeatedReadTests
{
    private const int FewestEndpoints = 50;

    [Theory, Engines]
    public async Task Every_read_repeats_and_changes_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var ids = await FillAsync(person);
        var management = person.Management;
        var endpoints = MappedEndpoint.List(server).Where(endpoint => endpoint.IsManagement && endpoint.Method == "GET").ToList();
        endpoints.Count.ShouldBeGreaterThanOrEqualTo(FewestEndpoints);
        var before = await DumpAsync(server);

        foreach (var endpoint in endpoints)
        {
            var path = endpoint.Pattern["/api/v2".Length..];
            foreach (var parameter in endpoint.Endpoint.RoutePattern.Parameters)
            {
                path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(IdFor(endpoint.Endpoint, parameter.Name, ids)), StringComparison.Ordinal);
            }

            path += $"?user_id={Uri.EscapeDataString(person.UserId)}&email=nobody%40example.com&identifier=nobody%40example.com";
            var first = await management.SendAsync(HttpMethod.Get, path);
            var second = await management.SendAsync(HttpMethod.Get, path);

            first.Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.NoContent], $"{path}: {first.Text}");
            second.Text.ShouldBe(first.Text, path);
        }

        (await DumpAsync(server)).ShouldBe(before);
    }

    /// <returns>The id for each path parameter, by the end of the path before it.</returns>
    private static async Task<Dictionary<string, string>> FillAsync(Person person)
    {
        await person.EnrollAsync();
        await person.NewTicketAsync(allowMultiple: true);
        var management = person.Management;
        async Task<string> CreateAsync(string path, object body, string id) =>
            (string)(await management.SendAsync(HttpMethod.Post, path, body)).Json![id]!;

        await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { enabled = true, html = "<p>" } });
        await CreateAsync("/emails/provider", new { name = "smtp", enabled = false, credentials = new { smtp_host = "localhost", smtp_port = 25 } }, "name");
        var template = new { template = "welcome_email", body = "<p>", from = "", subject = "Hello", syntax = "liquid", enabled = true };
        var api = await CreateAsync("/resource-servers", new { identifier = "urn:read", scopes = new[] { new { value = "a" } } }, "id");
        var connection = await CreateAsync("/connections", new { name = "read", strategy = "auth0" }, "id");
        var client = await CreateAsync("/clients", new { name = "Reader" }, "client_id");
        var signIn = await (await Application.CreateAsync(person.Server)).StartAsync(person);
        return new Dictionary<string, string>
        {
            ["/users/"] = person.UserId,
            ["/user-blocks/"] = person.UserId,
            ["/guardian/enrollments/"] = (string)(await person.ListEnrollmentsAsync())[0]!["id"]!,
            ["/authentication-methods/"] = (string)(await management.GetAsync(person.UserPath + "/authentication-methods")).AsArray()[0]!["id"]!,
            ["/logs/"] = (string)(await management.GetAsync("/logs")).AsArray()[0]!["log_id"]!,
            ["/guardian/transactions/"] = signIn.Id,
            ["/mfa-page/versions/"] = "1",
            ["/email-templates/"] = await CreateAsync("/email-templates", template, "template"),
            ["/keys/signing/"] = (string)(await management.GetAsync("/keys/signing")).AsArray()[0]!["kid"]!,
            ["/clients/"] = client,
            ["/client-grants/"] = await CreateAsync("/client-grants", new { client_id = client, audience = "urn:read", scope = new[] { "a" } }, "id"),
            ["/resource-servers/"] = api,
            ["/connections/"] = connection,
            ["/jobs/"] = await CreateAsync("/jobs/verification-email", new { user_id = person.UserId }, "id"),
        };
    }

    private static string IdFor(RouteEndpoint endpoint, string parameter, Dictionary<string, string> ids)
    {
        var pattern = endpoint.RoutePattern.RawText!;
        var before = pattern[..pattern.IndexOf($"{{{parameter}}}", StringComparison.Ordinal)];
        return ids.Single(id => before.EndsWith(id.Key, StringComparison.Ordinal)).Value;
    }

    /// <summary>Leaves out the outbox, which a worker empties.</summary>
    private static async Task<List<string>> DumpAsync(TestServer server) =>
        [.. (await DatabaseDump.TakeAsync(server.Database)).Where(line => !line.StartsWith("message|", StringComparison.Ordinal))];
}
