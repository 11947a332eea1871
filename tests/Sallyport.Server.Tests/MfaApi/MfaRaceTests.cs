using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.MfaApi;

/// <summary>Many requests at the same time for operations that may happen once, or a limited number of times.</summary>
public sealed class MfaRaceTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task One_code_gives_tokens_once_with_one_token_and_across_tokens(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var one = await client.MfaTokenAsync();
        string[] many = [.. Enumerable.Repeat(one, Competitors / 2), .. await NewTokensAsync(client, Competitors / 2)];
        var code = client.Guardian.CodeOf(enrolled, 1);

        var answers = await Task.WhenAll(many.Select(token => client.OtpAsync(token, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await client.CountAsync("transaction", "redeemed_at IS NOT NULL")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_code_signs_in_once_through_the_MFA_API_and_a_page_together(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var mfaToken = await client.MfaTokenAsync();
        var flow = await client.Guardian.StartAsync(await client.Management.CreateTicketAsync(client.UserId));
        var code = client.Guardian.CodeOf(enrolled, 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors)
            .Select(i => i % 2 == 0 ? client.OtpAsync(mfaToken, code) : client.Guardian.VerifyAsync(flow, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_recovery_code_gives_tokens_once(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var tokens = await NewTokensAsync(client, Competitors);

        var answers = await Task.WhenAll(tokens.Select(token => client.RecoverAsync(token, enrolled.RecoveryCode!)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_block_ends_or_prevents_every_association_that_is_begun_beside_it(Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.GetAsync(engine));
        var tokens = new List<string>();
        while (tokens.Count < Competitors)
        {
            tokens.Add((string)(await client.PasswordAsync(("audience", client.MfaAudience))).ShouldBe(HttpStatusCode.OK)["access_token"]!);
        }

        var associating = tokens.Select(token => client.AssociateAsync(token, new { authenticator_types = new[] { "otp" } })).ToList();

        (await client.Management.SendAsync(HttpMethod.Patch, client.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        var answers = await Task.WhenAll(associating);
        (await client.Management.SendAsync(HttpMethod.Patch, client.UserPath, new { blocked = false })).ShouldBe(HttpStatusCode.OK);
        foreach (var (token, begun) in tokens.Zip(answers).Where(pair => pair.Second.Status == HttpStatusCode.OK))
        {
            (await client.OtpAsync(token, client.CodeOf(begun.Json!))).Status.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }

        (await client.CountAsync("authenticator", "status = 'confirmed'")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task An_association_is_confirmed_once(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var token = await client.MfaAccessTokenAsync(enrolled);
        var added = (await client.AssociateAsync(token, new { authenticator_types = new[] { "otp" } })).ShouldBe(HttpStatusCode.OK);
        var code = client.CodeOf(added);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => client.OtpAsync(token, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await client.CountAsync("authenticator", "status = 'confirmed' AND factor = 'otp'")).ShouldBe(2);
    }

    [Theory, Engines]
    public async Task No_more_passwords_are_evaluated_at_once_than_one_after_the_other(Engine engine)
    {
        var (client, _) = await CreateEnrolledAsync(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => client.PasswordAsync(("password", "wrong"))));

        answers.Count(answer => answer.Status == HttpStatusCode.Forbidden).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(Competitors - 10);
    }

    /// <summary>One after the other: more passwords at once than the budget has attempts are refused, even right ones.</summary>
    private static async Task<List<string>> NewTokensAsync(MfaClient client, int count)
    {
        var tokens = new List<string>();
        while (tokens.Count < count)
        {
            tokens.Add(await client.MfaTokenAsync());
        }

        return tokens;
    }

    private async Task<(MfaClient Client, Flow Enrolled)> CreateEnrolledAsync(Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.GetAsync(engine));
        return (client, await client.EnrollAsync());
    }
}
