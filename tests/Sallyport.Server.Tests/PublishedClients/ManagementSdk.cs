using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// One generation of the npm package <c>auth0</c>, driven over TLS. Steps are gathered and run in one process of Node; the
/// calls and how each generation says them are the table <c>tests/clients/management/calls.cjs</c>.
/// </summary>
internal sealed class ManagementSdk(TestServer server, int generation)
{
    public static readonly IReadOnlyList<int> Generations = [2, 4, 5, 7];

    private static readonly JsonSerializerOptions Compact = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly JsonArray steps = [];
    private readonly Dictionary<int, Action<SdkOutcome>> expectations = [];

    /// <param name="call">A row of the table.</param>
    /// <param name="name">Later steps name a value of this one's result as <c>$name.property</c>.</param>
    public ManagementSdk Then(string call, string? id = null, object? body = null, object? query = null, string? name = null) =>
        Add(new { call, id, body, query, name });

    /// <summary>A call with two ids.</summary>
    public ManagementSdk ThenOf(string call, string id, string item, object? body = null) =>
        Add(new { call, id, item, body });

    /// <summary>Every call of the table that this generation has, with arguments that are well-formed and name nothing.</summary>
    public ManagementSdk ThenEveryCallAs(object credentials) =>
        Add(new { call = "*", id = "auth0|nobody", item = "google-authenticator", body = new { }, query = new { email = "no@example.com", identifier = "no@example.com" }, @as = credentials });

    /// <summary>What the last step must give.</summary>
    public ManagementSdk Gives(Action<JsonNode> check) => Expect(outcome => check(outcome.Value!));

    /// <summary>The last step must succeed with no body, of which generation 2 makes an empty object.</summary>
    public ManagementSdk GivesNothing() => Expect(outcome => outcome.Value?.ToJsonString().ShouldBe("{}"));

    /// <param name="json">What the last step must give, whole.</param>
    public ManagementSdk Gives(string json) => Gives(value => JsonNode.DeepEquals(value, JsonNode.Parse(json)).ShouldBeTrue($"{value.ToJsonString()}, not {json}"));

    /// <summary>The list that the last step must give.</summary>
    public ManagementSdk Lists(Action<JsonArray> check) => Expect(outcome => check(outcome.Items));

    /// <summary>How the last step must be refused, see <see cref="SdkOutcome.ShouldBeError"/>.</summary>
    public ManagementSdk Refused(int status, string? errorCode, bool isDeclared = true) =>
        Expect(outcome => outcome.ShouldBeError(status, errorCode, isDeclared));

    /// <summary>The same with other credentials than the test client's.</summary>
    public ManagementSdk ThenAs(object credentials, string call, string? id = null, object? body = null) =>
        Add(new { call, id, body, @as = credentials });

    /// <returns>The outcomes, in the order of the steps.</returns>
    public async Task<IReadOnlyList<SdkOutcome>> RunAsync()
    {
        var outcomes = await NodeClient.RunScriptAsync("management", "run.cjs", new
        {
            generation,
            domain = server.Domain,
            credentials = new { clientId = TestServer.ClientId, clientSecret = TestServer.ClientSecret },
            steps,
        });
        return [.. outcomes.AsArray().Select(outcome => new SdkOutcome(outcome!, generation))];
    }

    /// <summary>Runs the steps: each must give what is expected of it, or succeed, unless this generation has no such call.</summary>
    public async Task ProveAsync()
    {
        var outcomes = await RunAsync();
        for (var step = 0; step < outcomes.Count; step++)
        {
            if (!outcomes[step].IsMissing)
            {
                expectations.GetValueOrDefault(step, outcome => _ = outcome.Value)(outcomes[step]);
            }
        }
    }

    private ManagementSdk Expect(Action<SdkOutcome> expectation)
    {
        expectations.Add(steps.Count - 1, expectation);
        return this;
    }

    private ManagementSdk Add(object step)
    {
        steps.Add(JsonSerializer.SerializeToNode(step, Compact));
        return this;
    }
}

/// <summary>What one call of the client gave.</summary>
internal sealed record SdkOutcome(JsonNode Json, int Generation)
{
    public string Call => (string)Json["call"]!;

    /// <summary>This generation has no such call.</summary>
    public bool IsMissing => Json["missing"] is not null;

    public JsonNode? Value
    {
        get
        {
            Json["error"].ShouldBeNull(Json.ToJsonString());
            return Json["value"];
        }
    }

    /// <summary>A list in whatever shape this generation asked for it.</summary>
    public JsonArray Items =>
        Value as JsonArray ?? Value!.AsObject().Select(member => member.Value).OfType<JsonArray>().Single();

    /// <summary>
    /// The error is of the client's own type for the status. Generation 2 reads status and message alone.
    /// </summary>
    /// <param name="isDeclared">False where generations 5 and later have no type for this status of this call.</param>
    public void ShouldBeError(int status, string? errorCode, bool isDeclared = true)
    {
        var error = Json["error"].ShouldNotBeNull(Json.ToJsonString());
        ((int)error["statusCode"]!).ShouldBe(status, Json.ToJsonString());
        ((string?)error["message"]).ShouldNotBeNullOrEmpty(Json.ToJsonString());
        ((string)error["type"]!).ShouldBe(TypeFor(isDeclared ? status : 0), Json.ToJsonString());
        if (Generation > 2)
        {
            ((string?)error["errorCode"]).ShouldBe(errorCode, Json.ToJsonString());
        }
    }

    private string TypeFor(int status) => Generation switch
    {
        // It sends a file past its own client, and throws that one's error.
        2 => Call == "jobs.import" ? "Error" : "SanitizedError",
        4 => "ManagementApiError",
        _ => status switch
        {
            400 => "BadRequestError",
            401 => "UnauthorizedError",
            403 => "ForbiddenError",
            404 => "NotFoundError",
            409 => "ConflictError",
            413 => "ContentTooLargeError",
            429 => "TooManyRequestsError",
            _ => "ManagementError",
        },
    };
}
