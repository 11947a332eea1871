using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>docs/wire.md §1.2 and §1.6: headers, missing bodies, and the form of errors.</summary>
public sealed class GuardianWireTests(Servers servers) : IClassFixture<Servers>
{
    /// <summary>Published clients send a length of zero and no content type.</summary>
    [Theory, EnginesAndBases]
    public async Task A_post_without_body_and_content_type_is_answered(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var ticket = await person.NewTicketAsync();

        var started = await RawHttp.SendAsync(
            person.Server, $"POST {prefix}/api/start-flow HTTP/1.1\nAuthorization: Ticket id=\"{ticket}\"\nContent-Length: 0");
        var token = (string)JsonNode.Parse(started[started.IndexOf('{', StringComparison.Ordinal)..].TrimEnd('\r', '\n', '0'))!["transaction_token"]!;
        var state = await RawHttp.SendAsync(
            person.Server, $"POST {prefix}/api/transaction-state HTTP/1.1\nAuthorization: Bearer {token}\nContent-Length: 0");

        started.ShouldStartWith("HTTP/1.1 201 ");
        started.ShouldContain("Content-Type: application/json");
        state.ShouldStartWith("HTTP/1.1 200 ");
        state.ShouldContain("\"state\":\"pending\"");
    }

    [Theory, EnginesAndBases]
    public async Task A_post_without_a_content_length_is_answered(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var head = $"POST {prefix}/api/start-flow HTTP/1.1\nAuthorization: Ticket id=\"{await person.NewTicketAsync()}\"";

        (await RawHttp.SendAsync(person.Server, head)).ShouldStartWith("HTTP/1.1 201 ");
        (await RawHttp.SendAsync(person.Server, head + "\nTransfer-Encoding: chunked", "0\r\n\r\n")).ShouldStartWith("HTTP/1.1 201 ");
    }

    [Theory, EnginesAndBases]
    public async Task A_json_body_needs_no_content_type(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();
        var body = $$"""{"type":"manual_input","code":"{{person.Guardian.CodeOf(flow)}}"}""";

        var answer = await RawHttp.SendAsync(
            person.Server,
            $"POST {prefix}/api/verify-otp HTTP/1.1\nAuthorization: Bearer {flow.Token}\nContent-Length: {body.Length}", body);

        answer.ShouldStartWith("HTTP/1.1 200 ");
    }

    [Theory, EnginesAndBases]
    public async Task A_right_code_is_answered_with_an_empty_object(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();

        var answer = await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe("{}");
    }

    [Theory, EnginesAndBases]
    public async Task A_refusal_has_the_four_members_that_clients_read(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();

        var answer = await person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(flow));

        answer.Text.ShouldBe("""{"statusCode":403,"error":"Forbidden","message":"Invalid OTP.","errorCode":"invalid_otp"}""");
    }

    [Theory, Engines]
    public async Task Every_call_without_a_valid_credential_is_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        string?[] headers =
            [null, "", "Bearer", "Ticket", "Basic YTpi", $"Basic {ticket}", ticket, $"id=\"{ticket}\"", "\"", $"Ticket, id=\"{ticket}\""];

        foreach (var call in new[] { "start-flow", "transaction-state", "verify-otp", "recover-account", "qr-code" })
        {
            foreach (var header in headers)
            {
                var answer = await person.Guardian.SendAsync(call, header);
                answer.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_bearer_format");
            }
        }
    }

    [Theory, EnginesAndBases]
    public async Task The_scheme_of_a_ticket_may_be_written_in_any_case(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var ticket = await person.NewTicketAsync();

        foreach (var header in new[] { $"Ticket id=\"{ticket}\"", $"ticket id=\"{ticket}\"", $"TICKET ID=\"{ticket}\"", $"Ticket  id=\"{ticket}\" " })
        {
            (await person.Guardian.SendAsync("start-flow", header)).ShouldBe(HttpStatusCode.Created);
        }

        var flow = await person.Guardian.StartAsync(ticket);
        (await person.Guardian.SendAsync("transaction-state", "bearer " + flow.Token)).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.SendAsync("transaction-state", "BEARER " + flow.Token)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_ticket_in_another_than_the_published_form_is_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        string[] values =
        [
            ticket, $"id={ticket}", $"id='{ticket}'", $"\"{ticket}\"", $"id=\"{ticket}", $"id={ticket}\"", "id=\"", "id=\"\"", "id=",
            $"id=\"{ticket}\"x", $"id=\"{ticket.ToUpperInvariant()}\"", $"id=\" {ticket}\"", $"id=\"{ticket}\\\"", $"id=\"{ticket}\",id=\"{ticket}\"",
            $"id=\"{new string('a', 4000)}\"", $"id=\"{ticket}%00\"",
        ];

        foreach (var value in values)
        {
            (await person.Guardian.SendAsync("start-flow", "Ticket " + value)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        }

        (await person.CountAsync("transaction")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_ticket_and_a_transaction_token_are_not_interchangeable(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        var flow = await person.Guardian.StartAsync(ticket);

        (await person.Guardian.SendAsync("transaction-state", $"Ticket id=\"{ticket}\"")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.Guardian.SendAsync("transaction-state", $"Bearer {ticket}")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.SendAsync("start-flow", $"Bearer {flow.Token}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.Guardian.SendAsync("start-flow", $"Ticket id=\"{flow.Token}\"")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, EnginesAndBases]
    public async Task Another_method_or_path_is_refused_without_a_stack_trace(Engine engine, string prefix)
    {
        var server = await servers.GetAsync(engine);

        var get = await server.GetAsync($"{prefix}/api/start-flow");
        var unknown = await server.SendAsync(HttpMethod.Post, $"{prefix}/api/start-flow/more");

        get.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
        unknown.Json.Names().ShouldBe(["error", "message", "statusCode"]);
    }
}
