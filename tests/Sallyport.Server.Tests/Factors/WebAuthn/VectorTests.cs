using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.WebAuthn;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

/// <summary>
/// The test vectors of WebAuthn level 3 (section 16), copied from the specification's source (w3c/webauthn, commit 146d0db). Those that are
/// refused use what this server does not offer.
/// </summary>
public sealed class VectorTests
{
    private static readonly Vector[] All = Read();

    /// <summary>Registrations that are refused, with the reason.</summary>
    private static readonly Dictionary<string, string> RefusedRegistrations = new()
    {
        ["none-es256-crossOrigin"] = "origin",
        ["none-es256-topOrigin"] = "origin",
        // Algorithms that are not offered.
        ["packed-es384"] = "invalid",
        ["packed-es512"] = "invalid",
        ["packed-ed448"] = "invalid",
        // Fido2 wants a certificate of Apple, a manufacturer of TPMs that exists, a key that Android has generated, and no AAGUID from U2F.
        ["apple-es256"] = "invalid",
        ["tpm-es256"] = "invalid",
        ["android-key-es256"] = "invalid",
        ["fido-u2f-es256"] = "invalid",
    };

    /// <summary>Assertions that are refused, with the reason.</summary>
    private static readonly Dictionary<string, string> RefusedAssertions = new()
    {
        ["none-es256-crossOrigin"] = "origin",
        ["none-es256-topOrigin"] = "origin",
        ["packed-ed448"] = "invalid",
    };

    public static TheoryData<string> Names => [.. All.Select(vector => vector.Name)];

    [Fact]
    public void All_vectors_are_read() => All.Length.ShouldBe(15);

    [Theory, MemberData(nameof(Names))]
    public void A_registration_has_its_outcome(string name)
    {
        var vector = All.Single(candidate => candidate.Name == name);

        var (registered, refusal) = RegistrationCeremony.Verify(Expected(vector.Registration.Challenge), RegistrationOf(vector));

        refusal.ShouldBe(RefusedRegistrations.GetValueOrDefault(name));
        registered?.KeyId.ShouldBe(Text(vector.CredentialId));
    }

    /// <summary>The public key is read from the attestation object, so that a refused registration does not hide the assertion.</summary>
    [Theory, MemberData(nameof(Names))]
    public void An_assertion_has_its_outcome(string name)
    {
        var vector = All.Single(candidate => candidate.Name == name);
        var stored = new WebAuthnDataV1(Text(vector.CredentialId), new WebAuthnCredential(Convert.ToBase64String(PublicKeyOf(vector))));

        var right = AssertionCeremony.Verify(Expected(vector.Authentication.Challenge), stored, AssertionOf(vector));
        var ofOtherChallenge = AssertionCeremony.Verify(Expected(vector.Registration.Challenge), stored, AssertionOf(vector));

        right.Refusal.ShouldBe(RefusedAssertions.GetValueOrDefault(name));
        ofOtherChallenge.Refusal.ShouldBe("challenge");
    }

    private static byte[] PublicKeyOf(Vector vector)
    {
        const int BeforeIdLength = 32 + 1 + 4 + 16;
        var reader = new CborReader(Convert.FromHexString(vector.Registration.AttestationObject));
        var members = reader.ReadStartMap();
        for (var i = 0; i < members; i++)
        {
            if (reader.ReadTextString() == "authData")
            {
                var data = reader.ReadByteString();
                var idLength = BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(BeforeIdLength));
                return new CborReader(data.AsMemory(BeforeIdLength + sizeof(ushort) + idLength)).ReadEncodedValue().ToArray();
            }

            reader.SkipValue();
        }

        throw new FormatException("No authenticator data");
    }

    private static WebAuthnChallengeDataV1 Expected(string challenge) =>
        new(new RelyingParty("example.org", "https://example.org"), Convert.FromHexString(challenge), RequiresUserVerification: false) { UserHandle = [1] };

    private static string RegistrationOf(Vector vector) => ResponseOf(vector, new JsonObject
    {
        ["clientDataJSON"] = Text(vector.Registration.ClientDataJSON),
        ["attestationObject"] = Text(vector.Registration.AttestationObject),
    });

    private static string AssertionOf(Vector vector) => ResponseOf(vector, new JsonObject
    {
        ["clientDataJSON"] = Text(vector.Authentication.ClientDataJSON),
        ["authenticatorData"] = Text(vector.Authentication.AuthenticatorData),
        ["signature"] = Text(vector.Authentication.Signature),
    });

    private static string ResponseOf(Vector vector, JsonObject response) => new JsonObject
    {
        ["id"] = Text(vector.CredentialId),
        ["rawId"] = Text(vector.CredentialId),
        ["type"] = "public-key",
        ["response"] = response,
    }.ToJsonString();

    private static string Text(string hex) => Base64Url.EncodeToString(Convert.FromHexString(hex));

    private static Vector[] Read()
    {
        using var file = typeof(VectorTests).Assembly.GetManifestResourceStream("vectors/w3c-level-3.json");
        return JsonSerializer.Deserialize<Vector[]>(file!, JsonSerializerOptions.Web)!;
    }

    /// <summary>All values are hexadecimal.</summary>
    private sealed record Vector(string Name, string CredentialId, RegistrationVector Registration, AuthenticationVector Authentication);

    private sealed record RegistrationVector(string Challenge, string ClientDataJSON, string AttestationObject);

    private sealed record AuthenticationVector(string Challenge, string ClientDataJSON, string AuthenticatorData, string Signature);
}
