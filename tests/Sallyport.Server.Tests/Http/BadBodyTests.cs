using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Sends malformed bodies to every endpoint that reads one. The answer must be a 4xx in the format of the API, and nothing may change.</summary>
public sealed class BadBodyTests(Servers servers) : IClassFixture<Servers>
{
    private const int FewestEndpoints = 10;
    private const string Canary = "canary-Zk3";

    private static readonly (string Name, string Body)[] MalformedBodies =
    [
        ("empty", ""), ("blank", " \n"), ("null", "null\n"), ("array", "[]"), ("number", "1"), ("text", $"\"{Canary}\""), ("true", "true"),
        ("unfinished", "{\"a\":"), ("two values", "{} {}"), ("comment", "{/*x*/}"), ("trailing comma", "{\"a\":1,}"), ("not JSON", "<xml/>"),
        ("deep object", string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100)),
        ("deep array", "{\"a\":" + new string('[', 100) + new string(']', 100) + "}"),
        ("duplicate keys", "{\"a\":1,\"a\":2}"),
        ("escaped duplicate keys", "{\"a\":1,\"\\u0061\":2}"),
        ("NUL in a key", "{\"a\\u0000\":1}"),
        ("an unpaired surrogate in a key", "{\"\\ud800\":1}"),
        ("NUL in a text", $"{{\"a\":\"{Canary}\\u0000\"}}"),
        ("an unpaired surrogate in a text", $"{{\"a\":\"{Canary}\\udc00\"}}"),
        ("NUL deep inside", "{\"a\":[{\"b\":\"\\u0000\"}]}"),
        ("an unpaired surrogate in a key deep inside", "{\"a\":[{\"\\udc00\":1}]}"),
        ("a mebibyte", "{\"a\":\"" + new string('x', 1024 * 1024) + "\"}"),
    ];

    [Theory, Engines]
    public async Task A_malformed_body_is_refused_and_changes_nothing(Engine engine)
    {
        var scene = await Scene.CreateAsync(await servers.GetAsync(engine));
        foreach (var endpoint in scene.Endpoints)
        {
            var before = await DatabaseDump.TakeAsync(scene.Server.Database);
            foreach (var (name, body) in MalformedBodies.Where(bad => !IsAccepted(endpoint, bad.Body)))
            {
                ShouldRefuse(await scene.SendAsync(endpoint, body), $"{endpoint}: {name}");
            }

            (await DatabaseDump.TakeAsync(scene.Server.Database)).ShouldBe(before, endpoint.ToString());
        }
    }

    [Theory, Engines]
    public async Task A_property_of_the_wrong_type_is_refused_and_changes_nothing(Engine engine)
    {
        var scene = await Scene.CreateAsync(await servers.GetAsync(engine));
        var properties = 0;
        foreach (var endpoint in scene.Endpoints)
        {
            var before = await DatabaseDump.TakeAsync(scene.Server.Database);
            foreach (var property in endpoint.ListProperties(scene.Server))
            {
                properties++;
                foreach (var value in ValuesOfOtherTypes(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))
                {
                    var body = $"{{\"{property.Name}\":{value}}}";
                    ShouldRefuse(await scene.SendAsync(endpoint, endpoint.TakesList ? $"[{body}]" : body), $"{endpoint}: {property.Name} = {value}");
                }
            }

            (await DatabaseDump.TakeAsync(scene.Server.Database)).ShouldBe(before, endpoint.ToString());
        }

        properties.ShouldBeGreaterThan(40);
    }

    /// <summary>Mass assignment (CVE-2026-54693): open bodies ignore unknown members.</summary>
    [Theory, Engines]
    public async Task An_unknown_property_is_never_stored(Engine engine)
    {
        var scene = await Scene.CreateAsync(await servers.GetAsync(engine));
        foreach (var endpoint in scene.Endpoints)
        {
            var body = new JsonObject();
            foreach (var name in new[] { "tenant_id", "confirmed", "multifactor", "created_at", "status", "factor_id", "used_at", "full_at" })
            {
                body[name] = Canary;
            }

            var text = endpoint.TakesList ? $"[{body.ToJsonString()}]" : body.ToJsonString();
            ((int)(await scene.SendAsync(endpoint, text)).Status).ShouldBeLessThan(500, endpoint.ToString());
            (await DatabaseDump.TakeAsync(scene.Server.Database)).ShouldAllBe(line => !line.Contains(Canary));
        }
    }

    /// <summary>Some endpoints accept a missing body, and some take an array.</summary>
    private static bool IsAccepted(MappedEndpoint endpoint, string body) =>
        (body.Length == 0 && endpoint.MayLackBody)
        || (body == "[]" && (endpoint.TakesList || endpoint.BodyType!.IsAssignableTo(typeof(System.Collections.IEnumerable))));

    private static IEnumerable<string> ValuesOfOtherTypes(Type type) => type switch
    {
        _ when type == typeof(string) =>
            ["1", "true", "{}", "[]", $"[\"{Canary}\"]", $"\"{Canary}\\u0000\"", $"\"\\ud800{Canary}\"", "\"" + new string('x', 1024 * 1024) + "\""],
        _ when type == typeof(bool) => ["1", "\"true\"", "{}", "[]", "\"\""],
        _ when type == typeof(int) => ["\"1\"", "1.5", "true", "{}", "99999999999999999999", "1e400"],
        _ when type == typeof(double) => ["\"1\"", "true", "{}", "[]", "1e400"],
        _ when type.IsArray => ["\"x\"", "{}", "1", "[1]", "[null]", "[{}]"],
        _ when type == typeof(JsonElement) => [],
        _ => ["1", "\"{}\"", "[]", "true", $"{{\"a\":\"{Canary}\\u0000\"}}", "{\"\\ud800\":1}", "{\"a\":1,\"a\":2}"],
    };

    private static void ShouldRefuse(Answer answer, string what)
    {
        ((int)answer.Status).ShouldBeInRange(400, 499, $"{what}: {answer.Text}");
        answer.Status.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge);
        var body = answer.Json.ShouldNotBeNull(what);
        ((int)body["statusCode"]!).ShouldBe((int)answer.Status, what);
        ((string)body["error"]!).ShouldNotBeNullOrEmpty(what);
        ((string)body["message"]!).ShouldNotBeNullOrEmpty(what);
        ((string)body["errorCode"]!).ShouldBe("invalid_body", what);
        answer.Text.ShouldNotContain(Canary, Case.Sensitive, what);
        answer.Text.ShouldNotContain("   at ", Case.Sensitive, what);
        answer.Text.ShouldNotContain("Exception", Case.Sensitive, what);
    }

    /// <summary>A user, a ticket and a transaction, so that only the body is wrong.</summary>
    private sealed record Scene(TestServer Server, string AccessToken, string UserId, string TicketId, string TransactionToken)
    {
        public IReadOnlyList<MappedEndpoint> Endpoints { get; } = List(Server);

        public static async Task<Scene> CreateAsync(TestServer server)
        {
            var management = new ManagementApi(server);
            var userId = await management.CreateUserAsync();
            var ticketId = await management.CreateTicketAsync(userId);
            var flow = await new GuardianApi(server).StartAsync(ticketId);
            return new Scene(server, await management.FetchTokenAsync(), userId, ticketId, flow.Token);
        }

        public async Task<Answer> SendAsync(MappedEndpoint endpoint, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(endpoint.Method), endpoint.PathWith(Uri.EscapeDataString(UserId)))
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("Authorization", CredentialFor(endpoint));
            // The server refuses the body by its announced length. A client that does not wait may find the connection closed.
            request.Headers.ExpectContinue = body.Length > 1024 * 1024;
            using var response = await Server.Http.SendAsync(request, CancellationToken.None);
            return await Answer.ReadAsync(response);
        }

        private string CredentialFor(MappedEndpoint endpoint) =>
            endpoint.IsManagement ? "Bearer " + AccessToken
            : endpoint.Pattern.EndsWith("/start-flow", StringComparison.Ordinal) ? $"Ticket id=\"{TicketId}\""
            : "Bearer " + TransactionToken;

        private static List<MappedEndpoint> List(TestServer server)
        {
            var endpoints = MappedEndpoint.List(server)
                .Where(endpoint => endpoint.BodyType is not null && endpoint.Endpoint.Metadata.GetMetadata<OAuthSurface>() is null)
                .ToList();
            endpoints.Count.ShouldBeGreaterThanOrEqualTo(FewestEndpoints);
            return endpoints;
        }
    }
}
