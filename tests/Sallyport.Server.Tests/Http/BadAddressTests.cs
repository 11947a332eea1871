using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Sends malformed paths and queries to every endpoint of the Management API.</summary>
public sealed partial class BadAddressTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Ids =
    [
        "%00", "a%00b", "%2F", "%2F%2F", "%25", "%20", "%0D%0A", "%F0%9F%98%80", "%ED%A0%80", "%FF", "%C0%AF", "'%22;--", "..%2F..%2Fetc",
        "dev_0000000000000000", new string('x', 5000), "%E2%80%AE",
    ];

    private static readonly string[] Queries =
    [
        "page=-1", "page=99999999999999999999", "page=2147483647", "per_page=-5", "per_page=1e9", "per_page=%F0%9F%98%80", "include_totals=maybe",
        "fields=%00", "fields=,,,", "fields=" + "a,a,".PadRight(3000, 'b'), "include_fields=%FF", "sort=%00", "sort=a:1:1", "connection=%00",
        "connection=%FF%FE", "email=%00", "email=%F0%9F%98%80", "email=" + "e".PadRight(5000, 'e'), "q=%00", "from=%00&take=-1", "%00=%00", "&&&=&=", "page=1&page=2",
        "per_page=1&per_page=x",
    ];

    [Theory, Engines]
    public async Task An_unknown_or_malformed_id_is_refused_and_changes_nothing(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.CreateTicketAsync(await management.CreateUserAsync());
        var endpoints = MappedEndpoint.List(server).Where(endpoint => endpoint.IsManagement && endpoint.Pattern.Contains('{')).ToList();
        endpoints.Count.ShouldBeGreaterThanOrEqualTo(7);
        var before = await DatabaseDump.TakeAsync(server.Database);

        foreach (var endpoint in endpoints)
        {
            foreach (var id in Ids)
            {
                var path = Parameter().Replace(endpoint.Pattern, _ => id)["/api/v2".Length..];
                path.ShouldNotContain("{");
                var body = endpoint.BodyType is null ? null : new StringContent(endpoint.TakesList ? "[]" : "{\"enabled\":true}", Encoding.UTF8, "application/json");
                var answer = await management.SendAsync(HttpMethod.Parse(endpoint.Method), path, body);

                if (endpoint.Method == "DELETE" && answer.Status == HttpStatusCode.NoContent)
                {
                    // Deleting something that does not exist succeeds.
                    continue;
                }

                ((int)answer.Status).ShouldBeInRange(400, 499, $"{endpoint} {id}: {answer.Text}");
                // Invalid UTF-8 or a NUL in the request line is refused before routing, with an empty body.
                if (answer.Text.Length > 0)
                {
                    ((int)answer.Json!["statusCode"]!).ShouldBe((int)answer.Status);
                }
            }
        }

        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task A_malformed_query_never_causes_a_server_error(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = Uri.EscapeDataString(await management.CreateUserAsync());
        var endpoints = MappedEndpoint.List(server).Where(endpoint => endpoint.IsManagement && endpoint.Method == "GET").ToList();
        endpoints.Count.ShouldBeGreaterThanOrEqualTo(8);

        foreach (var endpoint in endpoints)
        {
            foreach (var query in Queries)
            {
                var answer = await management.SendAsync(HttpMethod.Get, $"{endpoint.PathWith(userId)["/api/v2".Length..]}?{query}");

                ((int)answer.Status).ShouldBeOneOf([200, 400, 404], $"{endpoint} {query}: {answer.Text}");
                if (answer.Status == HttpStatusCode.BadRequest && answer.Text.Length > 0)
                {
                    answer.ErrorCode.ShouldBe(endpoint.Pattern.Contains("{name}") ? "invalid_uri" : "invalid_query_string", $"{endpoint} {query}");
                }
            }
        }
    }

    [Theory, Engines]
    public async Task An_unknown_path_or_method_is_answered_with_the_error_envelope(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var unknown = await management.SendAsync(HttpMethod.Get, "/no/such/thing");
        var method = await management.SendAsync(HttpMethod.Delete, "/users");

        unknown.ShouldBe(HttpStatusCode.NotFound).ToJsonString().ShouldBe("""{"statusCode":404,"error":"Not Found","message":"Not Found"}""");
        ((int)method.ShouldBe(HttpStatusCode.MethodNotAllowed)["statusCode"]!).ShouldBe(405);
    }

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex Parameter();
}
