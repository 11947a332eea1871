using System.Net;
using System.Text.Json;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>Anything but the right code is refused, and the right code still works afterwards.</summary>
public sealed class BadCodeTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Only_the_exact_code_is_accepted(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        var code = person.Guardian.CodeOf(flow);
        string[] texts =
        [
            "", " ", "      ", "\t", " " + code, code + " ", code + "\n", code[..5], code + "0", "0" + code, "+" + code, "-" + code, "+" + code[1..],
            code[..3] + " " + code[3..], code[..3] + "-" + code[3..], code + ".0", "0x" + code, "1e5", code[..5] + "a", "abcdef", "null", "true",
            In(code, '\u0660'), In(code, '\u06F0'), In(code, '\u0966'), In(code, '\uFF10'), "\U0001F511\U0001F511\U0001F511", "\u202E" + code,
            code + "\u200B", "\uFEFF" + code, string.Concat(code.Select(c => c + "\u0301")), new string('1', 1_000_000), new string('\u0661', 100_000),
        ];

        foreach (var text in texts)
        {
            // Stays below the limit of wrong codes, which has its own tests.
            person.Clock.Advance(TimeSpan.FromHours(1));
            var fresh = await person.StartAsync();
            var answer = await person.Guardian.VerifyAsync(fresh, text.Replace(code, person.Guardian.CodeOf(fresh), StringComparison.Ordinal));
            answer.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
            answer.Text.Length.ShouldBeLessThan(200);
        }

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        await person.EnrollAsync();
    }

    [Theory, Engines]
    public async Task Digits_of_other_scripts_are_refused(Engine engine)
    {
        foreach (var zero in new[] { '\u0660', '\u06F0', '\u0966', '\uFF10' })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var flow = await person.StartAsync();

            (await person.Guardian.VerifyAsync(flow, In(person.Guardian.CodeOf(flow), zero)))
                .ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");

            (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        }
    }

    [Theory, EnginesAndBases]
    public async Task A_body_without_a_code_is_refused_and_changes_nothing(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();
        var code = person.Guardian.CodeOf(flow);
        string[] bodies =
        [
            "", " ", "null", "[]", "{}", "true", "123456", "\"123456\"", "{", "{]", "\u0000", "<xml/>", $"[{{\"code\":\"{code}\"}}]",
            """{"type":"manual_input"}""", """{"type":"manual_input","code":null}""", """{"type":"manual_input","code":{}}""",
            $$"""{"type":"manual_input","code":["{{code}}"]}""", $$"""{"type":"manual_input","code":{{code.TrimStart('0')}}}""",
            """{"type":"manual_input","code":true}""", $$"""{"type":"manual_input","Code":"{{code}}"}""",
            $$"""{"type":"manual_input","code":"{{code}}","code":"{{code}}"}""", $$"""{"type":"push_notification","code":"{{code}}"}""",
            $$"""{"type":1,"code":"{{code}}"}""", $$"""{"type":"manual_input","code":"{{code}}\u0000"}""",
            """{"type":"manual_input","code":"\ud800"}""", $$"""{"type":"manual_input","code":"{{code}}","x":"\u0000"}""",
        ];

        foreach (var body in bodies)
        {
            var answer = await person.SendAsync("verify-otp", flow, body);
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            answer.Text.ShouldNotContain(code);
        }

        (await person.CountAsync("attempt")).ShouldBe(0);
        (await person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, EnginesAndBases]
    public async Task A_body_without_a_recovery_code_is_refused_and_changes_nothing(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        var code = enrolled.RecoveryCode!;
        string[] bodies =
        [
            "", "null", "[]", "{}", "\"\"", "{", $"[\"{code}\"]", """{"recovery_code":null}""", """{"recovery_code":{}}""",
            $$"""{"recovery_code":["{{code}}"]}""", """{"recovery_code":1}""", $$"""{"recoveryCode":"{{code}}"}""", $$"""{"code":"{{code}}"}""",
            $$"""{"recovery_code":"{{code}}\u0000"}""", $$"""{"recovery_code":"{{code}}","recovery_code":"{{code}}"}""",
        ];

        foreach (var body in bodies)
        {
            var answer = await person.SendAsync("recover-account", login, body);
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            answer.Text.ShouldNotContain(code);
        }

        (await person.Guardian.RecoverAsync(login, code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Only_the_exact_recovery_code_is_accepted(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var code = enrolled.RecoveryCode!;
        string[] texts =
        [
            "", " ", "-", code[..23], code + "A", "A" + code, code[..^1] + (code[^1] == 'A' ? 'B' : 'A'), code + code, code + "\n", code + "\u200B",
            new string('A', 24), new string('A', 1_000_000), new string(' ', 100_000), "%", "' OR 1=1 --", "\U0001F511",
        ];

        foreach (var text in texts)
        {
            person.Clock.Advance(TimeSpan.FromHours(1));
            (await person.Guardian.RecoverAsync(await person.StartAsync(), text)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        }

        (await person.Guardian.RecoverAsync(await person.StartAsync(), code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_body_larger_than_the_limit_is_refused_before_it_is_read(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        var answer = await RawHttp.SendAsync(
            person.Server,
            $"POST /api/verify-otp HTTP/1.1\nAuthorization: Bearer {flow.Token}\nContent-Type: application/json\nContent-Length: 2000000",
            "{\"code\":\"");

        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("\"errorCode\":\"invalid_body\"");
        (await person.CountAsync("attempt")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_deeply_nested_body_does_not_stop_the_server(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        foreach (var body in new[] { new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 50_000)) })
        {
            (await person.SendAsync("verify-otp", flow, body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_code_in_a_form_is_read_as_text(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        using var form = new FormUrlEncodedContent([new("type", "manual_input"), new("code", person.Guardian.CodeOf(flow))]);

        var answer = await person.Guardian.SendAsync("verify-otp", "Bearer " + flow.Token, form);

        answer.ShouldBe(HttpStatusCode.OK);
        JsonSerializer.Serialize(await person.ListEnrollmentsAsync()).ShouldContain(flow.AuthenticatorId);
    }

    private static string In(string digits, char zero) => string.Concat(digits.Select(digit => (char)(zero + digit - '0')));
}
