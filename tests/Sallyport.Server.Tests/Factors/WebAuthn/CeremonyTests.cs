using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.WebAuthn;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

/// <summary>The rules of both ceremonies, without a server. Each test breaks one thing of a right response.</summary>
public sealed class CeremonyTests
{
    private const string Origin = "https://login.example.com";

    private static readonly Guid Model = new("0f9be1bb-5b6e-4d3c-9f04-0c8a6fb0f5c4");

    private static readonly WebAuthnChallengeDataV1 Expected =
        new(new RelyingParty("login.example.com", Origin), RandomNumberGenerator.GetBytes(32), RequiresUserVerification: false)
        {
            UserHandle = RandomNumberGenerator.GetBytes(32),
        };

    private static readonly JsonNode CreateOptions = new JsonObject
    {
        ["challenge"] = Base64Url.EncodeToString(Expected.Challenge),
        ["rp"] = new JsonObject { ["id"] = Expected.RelyingParty.Id },
    };

    private static readonly JsonNode GetOptions = new JsonObject
    {
        ["challenge"] = Base64Url.EncodeToString(Expected.Challenge),
        ["rpId"] = Expected.RelyingParty.Id,
    };

    /// <summary>Faults of the client data and of the authenticator data: both ceremonies refuse them.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "type", "type" },
        { "challenge", "challenge" },
        { "no challenge", "challenge" },
        { "origin", "origin" },
        { "origin of a subdomain", "origin" },
        { "origin with a port", "origin" },
        { "origin with a slash", "origin" },
        { "origin in capitals", "origin" },
        { "frame of another origin", "origin" },
        { "page of another origin above", "origin" },
        { "relying party", "relying_party" },
        { "nobody present", "invalid" },
        { "backed up without being eligible", "backup_state" },
        { "bytes after the data", "invalid" },
        { "data cut short", "invalid" },
        { "id and rawId differ", "malformed" },
        { "another type of credential", "malformed" },
        { "client data is no object", "malformed" },
    };

    [Fact]
    public void A_right_registration_is_accepted_and_its_properties_are_kept()
    {
        var key = new SoftwareKey(Origin) { SignCount = 7, IsBackupEligible = true, IsBackedUp = true, Aaguid = Model };

        var (registered, refusal) = Register(key);

        refusal.ShouldBeNull();
        registered!.KeyId.ShouldBe(key.KeyId);
        registered.SignCount.ShouldBe(7);
        registered.Credential.ShouldBe(new WebAuthnCredential(Convert.ToBase64String(key.PublicKey()))
        {
            RelyingPartyIdentifier = "login.example.com",
            Aaguid = key.Aaguid.ToString(),
            DeviceType = "multi_device",
            BackedUp = true,
            UserHandle = Base64Url.EncodeToString(Expected.UserHandle!),
            Transports = registered.Credential.Transports,
        });
        registered.Credential.Transports.ShouldBe(["usb", "nfc"], "Names that are not known are dropped.");
    }

    [Fact]
    public void A_right_assertion_is_accepted_and_its_counter_and_backup_state_are_kept()
    {
        var key = new SoftwareKey(Origin) { SignCount = 7, IsBackupEligible = true };
        var stored = Stored(key);
        key.IsBackedUp = true;

        var (asserted, refusal) = AssertionCeremony.Verify(Expected, stored, key.Assert(GetOptions).ToJsonString());

        refusal.ShouldBeNull();
        asserted!.SignCount.ShouldBe(8);
        asserted.Credential!.BackedUp.ShouldBe(true);
    }

    [Theory, MemberData(nameof(Faults))]
    public void A_registration_with_a_fault_is_refused(string fault, string reason)
    {
        var key = new SoftwareKey(Origin);
        Break(key, fault);

        Register(key).ShouldBe((null, reason));
    }

    [Theory, MemberData(nameof(Faults))]
    public void An_assertion_with_a_fault_is_refused(string fault, string reason)
    {
        var key = new SoftwareKey(Origin);
        var stored = Stored(key);
        Break(key, fault);

        Assert(key, stored).ShouldBe((null, reason));
    }

    [Fact]
    public void User_verification_is_checked_where_it_is_required()
    {
        var expected = Expected with { RequiresUserVerification = true };
        var key = new SoftwareKey(Origin);
        var stored = Stored(key);

        RegistrationCeremony.Verify(expected, key.Register(CreateOptions).ToJsonString()).Refusal.ShouldBe("user_verification");
        AssertionCeremony.Verify(expected, stored, key.Assert(GetOptions).ToJsonString()).Refusal.ShouldBe("user_verification");
        key.IsVerified = true;
        RegistrationCeremony.Verify(expected, key.Register(CreateOptions).ToJsonString()).Refusal.ShouldBeNull();
        AssertionCeremony.Verify(expected, stored, key.Assert(GetOptions).ToJsonString()).Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_registration_with_an_algorithm_that_was_not_offered_is_refused() =>
        Register(new SoftwareKey(Origin) { Algorithm = -35 }).Refusal.ShouldBe("invalid");

    [Fact]
    public void A_registration_whose_id_is_not_that_of_the_key_is_refused()
    {
        var other = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var key = new SoftwareKey(Origin)
        {
            ChangeResponse = response => (response["id"], response["rawId"]) = (other, other),
        };

        Register(key).ShouldBe((null, "invalid"));
    }

    [Fact]
    public void Only_models_of_the_list_are_registered_and_they_have_to_attest_it()
    {
        var expected = Expected with { AllowedAaguids = [Model.ToString().ToUpperInvariant()] };

        RegistrationCeremony.Verify(expected, new SoftwareKey(Origin) { Aaguid = Model }.Register(CreateOptions).ToJsonString()).Refusal
            .ShouldBe("aaguid_not_allowed", "An attestation is missing.");
        RegistrationCeremony.Verify(expected, new SoftwareKey(Origin).Register(CreateOptions).ToJsonString()).Refusal.ShouldBe("aaguid_not_allowed");
    }

    public static TheoryData<string, byte[]> Attestations => new()
    {
        { "nothing", [] },
        { "a number", [0x01] },
        { "bytes after it", [0xA0, 0x00] },
        { "the same key twice", [0xA2, 0x61, 0x61, 0x01, 0x61, 0x61, 0x02] },
        { "an array of four billion items", [0x9A, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "a text of a terabyte", [0x7B, 0, 0, 1, 0, 0, 0, 0, 0] },
        { "a map without its members", [0xA0] },
        { "ten thousand nested arrays", [.. Enumerable.Repeat((byte)0x81, 10_000), 0x01] },
        { "ten thousand nested maps", [.. Enumerable.Repeat(new byte[] { 0xA1, 0x01 }, 10_000).SelectMany(map => map), 0x01] },
        { "ten thousand nested tags", [.. Enumerable.Repeat((byte)0xC1, 10_000), 0x01] },
        { "a nested statement", NestedStatement() },
        { "a number with a fraction", [0xA1, 0x63, 0x66, 0x6D, 0x74, 0xFB, 0, 0, 0, 0, 0, 0, 0, 0] },
    };

    [Theory, MemberData(nameof(Attestations))]
    public void Hostile_CBOR_is_refused(string name, byte[] attestation)
    {
        var key = new SoftwareKey(Origin) { ChangeAttestation = _ => attestation };

        Register(key).Refusal.ShouldBeOneOf("malformed", "invalid");
        name.ShouldNotBeEmpty();
    }

    /// <summary>The public key and the extensions are CBOR within the authenticator data.</summary>
    [Fact]
    public void Deep_nesting_within_the_authenticator_data_is_refused()
    {
        byte[] nested = [.. Enumerable.Repeat((byte)0x81, 10_000), 0x01];
        var registration = new SoftwareKey(Origin) { ChangeAuthenticatorData = data => [.. data[..^77], .. nested] };
        var assertion = new SoftwareKey(Origin);
        var stored = Stored(assertion);
        assertion.ChangeAuthenticatorData = data => [.. data[..32], (byte)(data[32] | 0x80), .. data[33..], .. nested];

        Register(registration).Refusal.ShouldBeOneOf("malformed", "invalid");
        Assert(assertion, stored).Refusal.ShouldBeOneOf("malformed", "invalid");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("17")]
    [InlineData("\"text\"")]
    [InlineData("""{"id":1,"rawId":1,"type":"public-key","response":{}}""")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":null}""")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":{}}""")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":[],"authenticatorData":1,"signature":null}}""")]
    public void A_text_that_is_not_a_response_is_refused(string json)
    {
        RegistrationCeremony.Verify(Expected, json).ShouldBe((null, "malformed"));
        AssertionCeremony.Verify(Expected, Stored(new SoftwareKey(Origin)), json).ShouldBe((null, "malformed"));
    }

    [Fact]
    public void A_response_that_is_too_long_is_not_parsed()
    {
        var key = new SoftwareKey(Origin) { ChangeResponse = response => response["padding"] = new string(' ', 70_000) };

        Register(key).ShouldBe((null, "malformed"));
    }

    [Fact]
    public void A_signature_of_another_key_or_with_a_changed_byte_is_refused()
    {
        var key = new SoftwareKey(Origin);
        var stored = Stored(key);
        key.ChangeSignature = signature => [.. signature[..^1], (byte)(signature[^1] ^ 1)];

        Assert(key, stored).ShouldBe((null, "signature"));
        Assert(new SoftwareKey(Origin) { Id = key.Id }, stored).ShouldBe((null, "signature"));
    }

    [Fact]
    public void An_assertion_with_the_handle_of_another_user_is_refused()
    {
        var key = new SoftwareKey(Origin);
        var stored = Stored(key);
        key.UserHandle = Base64Url.EncodeToString(Expected.UserHandle!);
        Assert(key, stored).Refusal.ShouldBeNull();

        key.UserHandle = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

        Assert(key, stored).Refusal.ShouldBe("invalid");
    }

    [Fact]
    public void Whether_a_credential_may_be_backed_up_never_changes()
    {
        var key = new SoftwareKey(Origin);
        var stored = Stored(key);

        key.IsBackupEligible = true;

        Assert(key, stored).ShouldBe((null, "backup_state"));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(5, 6, false)]
    [InlineData(5, 5, true)]
    [InlineData(5, 4, true)]
    [InlineData(5, 0, true)]
    [InlineData(uint.MaxValue, 1, true)]
    public void A_counter_that_does_not_grow_is_a_regression(long stored, long received, bool isRegression) =>
        AssertionCeremony.IsRegression(stored, received).ShouldBe(isRegression);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void A_stored_key_that_is_no_key_proves_nothing(string? publicKey)
    {
        var key = new SoftwareKey(Origin);
        var stored = new WebAuthnDataV1(key.KeyId, publicKey is null ? null : new WebAuthnCredential(publicKey));

        Assert(key, stored).Asserted.ShouldBeNull();
    }

    private static (RegisteredCredential? Registered, string? Refusal) Register(SoftwareKey key) =>
        RegistrationCeremony.Verify(Expected, key.Register(CreateOptions).ToJsonString());

    private static (WebAuthnDataV1? Asserted, string? Refusal) Assert(SoftwareKey key, WebAuthnDataV1 stored) =>
        AssertionCeremony.Verify(Expected, stored, key.Assert(GetOptions).ToJsonString());

    private static WebAuthnDataV1 Stored(SoftwareKey key)
    {
        var registered = Register(key).Registered!;
        return new WebAuthnDataV1(registered.KeyId, registered.Credential) { SignCount = registered.SignCount };
    }

    private static void Break(SoftwareKey key, string fault)
    {
        key.RelyingParty = fault == "relying party" ? "example.com" : null;
        key.IsPresent = fault != "nobody present";
        key.IsBackedUp = fault == "backed up without being eligible";
        key.Origin = fault switch
        {
            "origin" => "https://login.example.org",
            "origin of a subdomain" => "https://a.login.example.com",
            "origin with a port" => Origin + ":8443",
            "origin with a slash" => Origin + "/",
            "origin in capitals" => Origin.ToUpperInvariant(),
            _ => Origin,
        };
        key.ChangeAuthenticatorData = fault switch
        {
            "bytes after the data" => data => [.. data, 0],
            "data cut short" => data => data[..36],
            _ => key.ChangeAuthenticatorData,
        };
        key.ChangeClientData = data => ChangeClientData(data, fault);
        key.ChangeResponse = response => ChangeResponse(response, fault);
    }

    private static void ChangeClientData(JsonObject data, string fault)
    {
        switch (fault)
        {
            case "type":
                data["type"] = "payment.get";
                break;
            case "challenge":
                data["challenge"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
                break;
            case "no challenge":
                data.Remove("challenge");
                break;
            case "frame of another origin":
                data["crossOrigin"] = true;
                break;
            case "page of another origin above":
                data["topOrigin"] = "https://example.org";
                break;
        }
    }

    private static void ChangeResponse(JsonObject response, string fault)
    {
        switch (fault)
        {
            case "id and rawId differ":
                response["id"] = "AAAA";
                break;
            case "another type of credential":
                response["type"] = "password";
                break;
            case "client data is no object":
                response["response"]!["clientDataJSON"] = Base64Url.EncodeToString("[1]"u8);
                break;
        }
    }

    private static byte[] NestedStatement()
    {
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("packed");
        writer.WriteTextString("attStmt");
        writer.WriteEncodedValue([.. Enumerable.Repeat((byte)0x81, 5000), 0x01]);
        writer.WriteTextString("authData");
        writer.WriteByteString(new byte[37]);
        writer.WriteEndMap();
        return writer.Encode();
    }
}
