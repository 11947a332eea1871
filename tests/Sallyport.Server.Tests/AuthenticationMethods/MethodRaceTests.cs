using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.AuthenticationMethods;

/// <summary>Sixteen concurrent requests for the methods of a user.</summary>
public sealed class MethodRaceTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task Sixteen_concurrent_requests_create_one_method(Engine engine)
    {
        foreach (var method in new[] { MethodScene.Totp, MethodScene.Phone, MethodScene.Email })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));

            var answers = await AtOnceAsync(_ => person.PostMethodAsync(method));

            answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
            answers.Count(answer => answer.ErrorCode == "authentication_method_exists").ShouldBe(Competitors - 1);
            (await person.CountAsync("authenticator")).ShouldBe(1);
        }
    }

    [Theory, Engines]
    public async Task A_credential_claimed_by_sixteen_users_at_once_belongs_to_one(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var people = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => Person.CreateAsync(server)));

        var answers = await AtOnceAsync(number => people[number].PostMethodAsync(MethodScene.SecurityKey("Y2xhaW1lZC1ieS1hbGw")));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.ErrorCode == "authentication_method_exists").ShouldBe(Competitors - 1);
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_requests_do_not_exceed_the_limit_of_methods(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        (await person.PutMethodsAsync([.. Enumerable.Range(0, 19).Select(n => (object)new { type = "phone", phone_number = $"+155501{n}" })]))
            .ShouldBe(HttpStatusCode.OK);

        var answers = await AtOnceAsync(number => person.PostMethodAsync(new { type = "email", email = $"m{number}@example.com" }));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        (await person.CountAsync("authenticator")).ShouldBe(20);
    }

    [Theory, Engines]
    public async Task After_sixteen_concurrent_replacements_the_methods_are_those_of_one(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));

        var answers = await AtOnceAsync(number => person.PutMethodsAsync(
            new { type = "phone", phone_number = $"+155501{number}" }, new { type = "email", email = $"m{number}@example.com" }));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var left = (await person.ListMethodsAsync()).Select(method => (string)method!["id"]!).Order().ToList();
        answers.Select(answer => answer.Json!.AsArray().Select(method => (string)method!["id"]!).Order().ToList())
            .ShouldContain(written => string.Join(',', written) == string.Join(',', left));
    }

    /// <summary>In either order only the methods of the replacement are left: the confirmation does not add another.</summary>
    [Theory, Engines]
    public async Task A_replacement_wins_over_a_concurrent_confirmation(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var people = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => Person.CreateAsync(server)));
        var flows = await Task.WhenAll(people.Select(person => person.StartAsync()));

        var confirming = AtOnceAsync(number => people[number].Guardian.VerifyAsync(flows[number], people[number].Guardian.CodeOf(flows[number])));
        var replacing = AtOnceAsync(number => people[number].PutMethodsAsync(MethodScene.Totp));
        var (confirmed, replaced) = (await confirming, await replacing);

        confirmed.ShouldAllBe(answer => (int)answer.Status < 500);
        replaced.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        for (var number = 0; number < Competitors; number++)
        {
            (await people[number].ListMethodsAsync()).Select(method => (string)method!["id"]!)
                .ShouldBe(replaced[number].Json!.AsArray().Select(method => (string)method!["id"]!));
            (await people[number].CountAsync("authenticator")).ShouldBe(1);
        }
    }

    [Theory, Engines]
    public async Task Of_sixteen_concurrent_deletions_of_a_method_one_succeeds(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var id = await person.AddMethodAsync(MethodScene.Totp);

        var answers = await AtOnceAsync(_ => person.Management.SendAsync(HttpMethod.Delete, person.MethodPath(id)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(1);
    }

    private static Task<Answer[]> AtOnceAsync(Func<int, Task<Answer>> send) => Task.WhenAll(Enumerable.Range(0, Competitors).Select(send));
}
