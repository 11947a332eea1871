using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Runs one generation of the npm package <c>auth0</c> over TLS. Steps are collected and run in one job of a Node process that all tests share.
/// The table <c>tests/clients/management/calls.cjs</c> maps each call to the methods of each generation.
/// </summary>
internal sealed class ManagementSdk(TestServer server, int generation)
{
    public static readonly IReadOnlyList<int> Generations = [2, 4, 5, 7];

    private static readonly JsonSerializerOptions Compact = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly NodeWorker Worker = new("management", "run.cjs");

    private readonly JsonArray steps = [];
    private readonly Dictionary<int, Action<SdkOutcome>> expectations = [];

    /// <param name="call">A row of the table.</param>
    /// <param name="name">Later steps refer to the result of this one as <c>$name.property</c>.</param>
    public ManagementSdk Then(string call, string? id = null, object? body = null, object? query = null, string? name = null) =>
        Add(new { call, id, body, query, name });

    /// <summary>A call with two ids.</summary>
    public ManagementSdk ThenOf(string call, string id, string item, object? body = null) =>
        Add(new { call, id, item, body });

    /// <summary>Every call of the table that this generation has, with well-formed arguments that identify nothing.</summary>
    public ManagementSdk ThenEveryCallAs(object credentials) =>
        Add(new { call = "*", id = "auth0|nobody", item = "google-authenticator", body = new { }, query = new { email = "no@example.com", identifier = "no@example.com" }, @as = credentials });

    /// <summary>Checks the result of the last step.</summary>
    public ManagementSdk Gives(Action<JsonNode> check) => Expect(outcome => check(outcome.Value!));

    /// <summary>The last step must succeed without a body, which generation 2 returns as an empty object.</summary>
    public ManagementSdk GivesNothing() => Expect(outcome => outcome.Value?.ToJsonString().ShouldBe("{}"));

    /// <param name="json">The complete result of the last step.</param>
    public ManagementSdk Gives(string json) => Gives(value => JsonNode.DeepEquals(value, JsonNode.Parse(json)).ShouldBeTrue($"{value.ToJsonString()}, not {json}"));

    /// <summary>Checks the list that the last step returns.</summary>
    public ManagementSdk Lists(Action<JsonArray> check) => Expect(outcome => check(outcome.Items));

    /// <summary>The last step must fail, see <see cref="SdkOutcome.ShouldBeError"/>.</summary>
    public ManagementSdk Refused(int status, string? errorCode, bool isDeclared = true) =>
        Expect(outcome => outcome.ShouldBeError(status, errorCode, isDeclared));

    /// <summary>Adds a call with other credentials than the test client's.</summary>
    public ManagementSdk ThenAs(object credentials, string call, string? id = null, object? body = null) =>
        Add(new { call, id, body, @as = credentials });

    /// <returns>The outcomes, in the order of the steps.</returns>
    public async Task<IReadOnlyList<SdkOutcome>> RunAsync()
    {
        var outcomes = await Worker.RunAsync(new
        {
            generation,
            domain = server.Domain,
            credentials = new { clientId = TestServer.ClientId, clientSecret = TestServer.ClientSecret },
            steps,
        });
        return [.. outcomes.AsArray().Select(outcome => new SdkOutcome(outcome!, generation))];
    }

    /// <summary>Runs the steps. Each must meet its expectation or, without one, succeed. Calls that this generation lacks are skipped.</summary>
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

/// <summary>The result of one call.</summary>
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

    /// <summary>The list in the result, in the shape that this generation requests.</summary>
    public JsonArray Items =>
        Value as JsonArray ?? Value!.AsObject().Select(member => member.Value).OfType<JsonArray>().Single();

    /// <summary>
    /// The error must have the client's type for the status. Generation 2 reads only status and message.
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
        // It uploads files with another HTTP library and throws the error of that library.
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
