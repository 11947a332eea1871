using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>A person with a started enrollment.</summary>
internal sealed record Enrolling(Person Person, Flow Flow)
{
    public string Code => Person.Guardian.CodeOf(Flow);

    public string TransactionId => new JsonWebToken(Flow.Token).GetPayloadValue<string>("txid");

    public static async Task<Enrolling> StartAsync(TestServer server)
    {
        server.Clock.Run();
        var person = await Person.CreateAsync(server);
        return new Enrolling(person, await person.StartAsync());
    }

    public async Task ConfirmAsync() =>
        (await Person.Guardian.VerifyAsync(Flow, Code)).ShouldBe(System.Net.HttpStatusCode.OK);
}
