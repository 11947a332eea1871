using System.Security.Cryptography;
using Fido2NetLib;
using Fido2NetLib.Objects;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>Verifies an assertion (WebAuthn level 3 section 7.2).</summary>
internal static class AssertionCeremony
{
    /// <param name="json">An AuthenticationResponseJSON, whatever text it is.</param>
    /// <returns>The data to store after it.</returns>
    public static (WebAuthnDataV1? Asserted, string? Refusal) Verify(WebAuthnChallengeDataV1 expected, WebAuthnDataV1 stored, string json)
    {
        if (BinaryText.TryDecode(stored.Credential?.PublicKey) is not { Length: > 0 } publicKey)
        {
            return (null, RefusalReasons.PublicKey);
        }

        if (CeremonyResponse.TryParse(json) is not { ClientData: { } clientData } response || response.KeyId != stored.KeyId)
        {
            return (null, RefusalReasons.Malformed);
        }

        try
        {
            return CeremonyChecks.FindClientDataFault(clientData, "webauthn.get", expected) is { } fault
                ? (null, fault)
                : Verify(expected, stored, publicKey, response);
        }
        catch (Exception exception) when (CeremonyChecks.ReasonOf(exception) is not null)
        {
            return (null, CeremonyChecks.ReasonOf(exception));
        }
    }

    private static (WebAuthnDataV1?, string?) Verify(
        WebAuthnChallengeDataV1 expected, WebAuthnDataV1 stored, byte[] publicKey, CeremonyResponse response)
    {
        if (response.BytesOf("authenticatorData") is not { } authenticatorData || response.BytesOf("signature") is not { } signature)
        {
            return (null, RefusalReasons.Malformed);
        }

        var credential = stored.Credential!;
        // Completes synchronously, because there is no metadata service.
        var result = new Fido2(CeremonyChecks.ConfigurationFor(expected)).MakeAssertionAsync(new MakeAssertionParams
        {
            AssertionResponse = new AuthenticatorAssertionRawResponse
            {
                Id = response.KeyId,
                RawId = response.RawId,
                Type = PublicKeyCredentialType.PublicKey,
                Response = new AuthenticatorAssertionRawResponse.AssertionResponse
                {
                    ClientDataJson = response.ClientData!,
                    AuthenticatorData = authenticatorData,
                    Signature = signature,
                    UserHandle = response.BytesOf("userHandle"),
                },
            },
            OriginalOptions = OptionsFor(expected, response.RawId),
            StoredPublicKey = publicKey,
            // The counter is compared below: Fido2 accepts a counter that is back at zero.
            StoredSignatureCounter = 0,
            IsUserHandleOwnerOfCredentialIdCallback = (owner, _) => Task.FromResult(IsHandle(credential, owner.UserHandle)),
        }).GetAwaiter().GetResult();
        var data = AuthenticatorData.Parse(authenticatorData);
        return IsBackupFault(credential, data) ? (null, RefusalReasons.BackupState)
            : IsRegression(stored.SignCount, result.SignCount) ? (null, RefusalReasons.SignCount)
            : (After(stored, data), null);
    }

    /// <summary>Step 22: once a counter is in use, each value is above the one before. Otherwise the key may have been copied.</summary>
    public static bool IsRegression(long stored, long received) => (stored != 0 || received != 0) && received <= stored;

    private static WebAuthnDataV1 After(WebAuthnDataV1 stored, AuthenticatorData data) => stored with
    {
        SignCount = data.SignCount,
        Credential = stored.Credential! with
        {
            DeviceType = data.IsBackupEligible ? WebAuthnCredential.MultiDevice : WebAuthnCredential.SingleDevice,
            BackedUp = data.IsBackedUp,
        },
    };

    /// <summary>Step 19: whether a credential may be backed up never changes.</summary>
    private static bool IsBackupFault(WebAuthnCredential credential, AuthenticatorData data) =>
        credential.DeviceType is { } type && data.IsBackupEligible != (type == WebAuthnCredential.MultiDevice);

    private static bool IsHandle(WebAuthnCredential credential, byte[] handle) =>
        BinaryText.TryDecode(credential.UserHandle) is not { } known || CryptographicOperations.FixedTimeEquals(known, handle);

    private static AssertionOptions OptionsFor(WebAuthnChallengeDataV1 expected, byte[] keyId) => new()
    {
        Challenge = expected.Challenge,
        RpId = expected.RelyingParty.Id,
        UserVerification = CeremonyChecks.RequirementOf(expected),
        AllowCredentials = [new PublicKeyCredentialDescriptor(keyId)],
    };
}
