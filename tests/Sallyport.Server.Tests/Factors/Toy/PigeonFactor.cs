using System.Collections.Concurrent;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Factors.Toy;

/// <summary>A factor that the server does not know: a carrier pigeon brings a code. It shows what a new factor has to write.</summary>
internal sealed class PigeonFactor(SentCodes codes, PigeonLofts lofts) : IFactor
{
    public const string Name = "carrier-pigeon";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public FactorTraits Traits { get; } = new(Name, Name, Name)
    {
        Label = _ => "Carrier pigeon",
        Amr = ["pigeon"],
        Rank = 80,
        ChallengeLimit = new ChallengeLimit(Burst: 3, Refill: TimeSpan.FromHours(1), MinPause: TimeSpan.Zero),
    };

    public ResponseKind ResponseKind => ResponseKind.Code;

    public NewAuthenticator Begin(EnrollmentRequest request) =>
        new(Authenticator.Pending(request, Traits, Authenticator.NewId(), new StoredData(FactorDataJson.Empty)));

    public ValueTask<ChallengeDraft?> ChallengeAsync(Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var code = SentCodes.New(6);
        lofts.Codes[authenticator.Id] = code;
        return ValueTask.FromResult<ChallengeDraft?>(new ChallengeDraft(codes.Store(request.ChallengeId, authenticator.Id, code), Lifetime, Message: null));
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now) =>
        codes.Verify(authenticator, authenticator.Id, open, response, now);

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) => new(FactorDataJson.Empty);

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => false;
}

/// <summary>Where the pigeons arrive: the last code for each authenticator.</summary>
internal sealed class PigeonLofts
{
    public ConcurrentDictionary<string, string> Codes { get; } = new(StringComparer.Ordinal);
}
