using System.Buffers.Text;
using System.Formats.Cbor;
using Fido2NetLib;
using Fido2NetLib.Objects;

namespace Sallyport.Server.Factors.WebAuthn;

/// <param name="KeyId">Base64url.</param>
internal sealed record RegisteredCredential(string KeyId, WebAuthnCredential Credential, Guid Aaguid, long SignCount);

/// <summary>Verifies a registration (WebAuthn level 3 section 7.1).</summary>
internal static class RegistrationCeremony
{
    /// <summary>Bytes. An RSA key of 4096 bits takes about 550.</summary>
    private const int MaxPublicKeyLength = 1024;

    /// <param name="json">A RegistrationResponseJSON, whatever text it is.</param>
    public static (RegisteredCredential? Registered, string? Refusal) Verify(WebAuthnChallengeDataV1 expected, string json)
    {
        if (CeremonyResponse.TryParse(json) is not { ClientData: { } clientData } response
            || response.BytesOf("attestationObject") is not { } attestation)
        {
            return (null, RefusalReasons.Malformed);
        }

        try
        {
            return !IsOneCborItem(attestation) ? (null, RefusalReasons.Malformed)
                : CeremonyChecks.FindClientDataFault(clientData, "webauthn.create", expected) is { } fault ? (null, fault)
                : Verify(expected, response, clientData, attestation);
        }
        catch (Exception exception) when (CeremonyChecks.ReasonOf(exception) is not null)
        {
            return (null, CeremonyChecks.ReasonOf(exception));
        }
    }

    private static (RegisteredCredential?, string?) Verify(
        WebAuthnChallengeDataV1 expected, CeremonyResponse response, byte[] clientData, byte[] attestation)
    {
        // Completes synchronously: there is no metadata service, and step 26 is checked in the database afterwards.
        var made = new Fido2(CeremonyChecks.ConfigurationFor(expected)).MakeNewCredentialAsync(new MakeNewCredentialParams
        {
            AttestationResponse = new AuthenticatorAttestationRawResponse
            {
                Id = response.KeyId,
                RawId = response.RawId,
                Type = PublicKeyCredentialType.PublicKey,
                Response = new AuthenticatorAttestationRawResponse.AttestationResponse
                {
                    ClientDataJson = clientData,
                    AttestationObject = attestation,
                },
            },
            OriginalOptions = OptionsFor(expected),
            IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
        }).GetAwaiter().GetResult();
        return made.PublicKey.Length > MaxPublicKeyLength ? (null, RefusalReasons.Malformed)
            : !IsAllowed(expected, made) ? (null, RefusalReasons.AaguidNotAllowed)
            : (CredentialOf(expected, response, made), null);
    }

    private static RegisteredCredential CredentialOf(
        WebAuthnChallengeDataV1 expected, CeremonyResponse response, RegisteredPublicKeyCredential made) =>
        new(
            response.KeyId,
            new WebAuthnCredential(Convert.ToBase64String(made.PublicKey))
            {
                RelyingPartyIdentifier = expected.RelyingParty.Id,
                Aaguid = made.AaGuid == Guid.Empty ? null : made.AaGuid.ToString(),
                DeviceType = made.IsBackupEligible ? WebAuthnCredential.MultiDevice : WebAuthnCredential.SingleDevice,
                BackedUp = made.IsBackedUp,
                UserHandle = Base64Url.EncodeToString(expected.UserHandle!),
                Transports = TransportNames.KnownOf(response.Transports),
            },
            made.AaGuid,
            made.SignCount);

    /// <summary>Without an attestation, an authenticator may claim to be any model (ADR 18).</summary>
    private static bool IsAllowed(WebAuthnChallengeDataV1 expected, RegisteredPublicKeyCredential made) =>
        expected.AllowedAaguids is not { } allowed
        || (made.AttestationFormat != "none" && allowed.Any(text => Guid.TryParse(text, out var aaguid) && aaguid == made.AaGuid));

    private static CredentialCreateOptions OptionsFor(WebAuthnChallengeDataV1 expected) => new()
    {
        Rp = new PublicKeyCredentialRpEntity(expected.RelyingParty.Id, expected.RelyingParty.Id),
        User = new Fido2User { Id = expected.UserHandle!, Name = "", DisplayName = "" },
        Challenge = expected.Challenge,
        PubKeyCredParams = CeremonyOptions.Algorithms,
        AuthenticatorSelection = new AuthenticatorSelection { UserVerification = CeremonyChecks.RequirementOf(expected) },
    };

    /// <summary>Well formed, without duplicate keys and without bytes after it.</summary>
    private static bool IsOneCborItem(byte[] bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Strict);
        reader.SkipValue();
        return reader.BytesRemaining == 0;
    }
}
