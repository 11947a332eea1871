using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tickets;

public sealed class CreateTicketTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/guardian/enrollments/ticket";

    [Theory, Engines]
    public async Task The_answer_is_200_with_exactly_the_id_and_the_link(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);

        var answer = await management.SendAsync(HttpMethod.Post, Path, new { user_id = await management.CreateUserAsync() });

        var ticket = answer.ShouldBe(HttpStatusCode.OK).AsObject();
        ticket.Select(member => member.Key).ShouldBe(["ticket_id", "ticket_url"]);
        ((string)ticket["ticket_id"]!).ShouldMatch("^[A-Za-z0-9]{32}$");
        ((string)ticket["ticket_url"]!).ShouldBe($"{server.Url}/mfa/enrollment?ticket={ticket["ticket_id"]}");
    }

    [Theory, Engines]
    public async Task The_id_of_a_ticket_is_stored_nowhere(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);

        var ticketId = await management.CreateTicketAsync(await management.CreateUserAsync());

        var hex = Convert.ToHexString(Encoding.UTF8.GetBytes(ticketId));
        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.Contains(ticketId) && !line.Contains(hex));
        (await LogEntry.ListAsync(server, "sapi")).ShouldAllBe(entry => !entry.Details!.Contains(ticketId));
    }

    [Theory, Engines]
    public async Task Every_documented_property_is_accepted(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var userId = await management.CreateUserAsync();

        var answer = await management.SendAsync(HttpMethod.Post, Path, new
        {
            user_id = userId,
            email = "someone@example.com",
            send_mail = false,
            email_locale = "pt-BR",
            factor = "otp",
            allow_multiple_enrollments = true,
        });

        answer.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_user_who_does_not_exist_is_not_found(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.FetchTokenAsync();
        var before = await DatabaseDump.TakeAsync(server.Database);

        var answer = await management.SendAsync(HttpMethod.Post, Path, new { user_id = "auth0|nobody" });

        answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        ((string)answer.Json!["message"]!).ShouldBe("User not found.");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    public static TheoryData<string, string> BadProperties() => new()
    {
        { "user_id", "null" },
        { "user_id", "\"\"" },
        { "user_id", "\"nobar\"" },
        { "user_id", "7" },
        { "user_id", $"\"auth0|{new string('x', 300)}\"" },
        { "email", "\"\"" },
        { "email", "\"no address\"" },
        { "email", "\"a@example.com, b@example.com\"" },
        { "email", "\"<a@example.com>\"" },
        { "email", "\"a@example.com\\r\\nBcc: b@example.com\"" },
        { "email", "\"a@example.com\\u202e\"" },
        { "email", "[\"a@example.com\"]" },
        { "email", $"\"{new string('x', 260)}@example.com\"" },
        { "send_mail", "\"true\"" },
        { "send_mail", "1" },
        { "email_locale", "\"x\"" },
        { "email_locale", "5" },
        { "factor", "\"email\"" },
        { "factor", "\"sms\"" },
        { "factor", "\"\"" },
        { "factor", "[\"otp\"]" },
        { "allow_multiple_enrollments", "\"yes\"" },
        { "send_email", "true" },
        { "ticket_id", "\"chosen\"" },
        { "expires_at", "4102444800" },
        { "tenant_id", "\"other\"" },
    };

    [Theory, MemberData(nameof(BadProperties))]
    public async Task A_bad_property_is_refused_by_name_and_makes_no_ticket(string name, string value)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var management = new ManagementApi(server);
            var body = new JsonObject { ["user_id"] = await management.CreateUserAsync() };
            body[name] = JsonNode.Parse(value);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await management.SendAsync(
                HttpMethod.Post, Path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(name);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    [Theory, Engines]
    public async Task A_ticket_without_a_user_is_refused(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var answer = await management.SendAsync(HttpMethod.Post, Path, new { send_mail = true });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        ((string)answer.Json!["message"]!).ShouldBe("Payload validation error: 'Missing required property: user_id'.");
    }
}
