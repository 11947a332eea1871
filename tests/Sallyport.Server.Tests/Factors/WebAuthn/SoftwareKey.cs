using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

/// <summary>A security key in software, and the browser in front of it. Right by default; a test changes one thing.</summary>
internal sealed class SoftwareKey(string origin)
{
    private const int Es256 = -7;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    public string KeyId => Base64Url.EncodeToString(Id);

    public Guid Aaguid { get; init; }

    public uint SignCount { get; set; }

    public bool IsPresent { get; set; } = true;

    public bool IsVerified { get; set; }

    public bool IsBackupEligible { get; set; }

    public bool IsBackedUp { get; set; }

    public int Algorithm { get; init; } = Es256;

    public string Origin { get; set; } = origin;

    /// <summary>Null for the one of the options.</summary>
    public string? RelyingParty { get; set; }

    public Action<JsonObject> ChangeClientData { get; set; } = _ => { };

    public Func<byte[], byte[]> ChangeAuthenticatorData { get; set; } = data => data;

    public Func<byte[], byte[]> ChangeAttestation { get; set; } = data => data;

    public Func<byte[], byte[]> ChangeSignature { get; set; } = data => data;

    public Action<JsonObject> ChangeResponse { get; set; } = _ => { };

    /// <summary>What the key signs in place of the answered user handle.</summary>
    public string? UserHandle { get; set; }

    /// <returns>COSE (RFC 9052).</returns>
    public byte[] PublicKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        foreach (var (label, value) in new (int, object)[] { (1, 2), (3, Algorithm), (-1, 1), (-2, point.X!), (-3, point.Y!) })
        {
            writer.WriteInt32(label);
            if (value is int number)
            {
                writer.WriteInt32(number);
            }
            else
            {
                writer.WriteByteString((byte[])value);
            }
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <returns>The answer to <c>navigator.credentials.create</c>.</returns>
    public JsonObject Register(JsonNode options)
    {
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Id.Length);
        byte[] attested = [.. Aaguid.ToByteArray(bigEndian: true), .. length, .. Id, .. PublicKey()];
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(AuthenticatorData((string)options["rp"]!["id"]!, attested));
        writer.WriteEndMap();
        return Response(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData("webauthn.create", options)),
            ["attestationObject"] = Base64Url.EncodeToString(ChangeAttestation(writer.Encode())),
            ["transports"] = new JsonArray("usb", "nfc", "teleport"),
        });
    }

    /// <returns>The answer to <c>navigator.credentials.get</c>.</returns>
    public JsonObject Assert(JsonNode options)
    {
        SignCount++;
        var data = AuthenticatorData((string)options["rpId"]!, []);
        var clientData = ClientData("webauthn.get", options);
        var signature = key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Response(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(clientData),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(ChangeSignature(signature)),
            ["userHandle"] = UserHandle,
        });
    }

    private JsonObject Response(JsonObject response)
    {
        var credential = new JsonObject { ["id"] = KeyId, ["rawId"] = KeyId, ["type"] = "public-key", ["response"] = response };
        ChangeResponse(credential);
        return credential;
    }

    private byte[] AuthenticatorData(string relyingParty, byte[] attested)
    {
        var counter = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(counter, SignCount);
        var flags = (IsPresent ? 0x01 : 0) | (IsVerified ? 0x04 : 0) | (IsBackupEligible ? 0x08 : 0) | (IsBackedUp ? 0x10 : 0)
            | (attested.Length > 0 ? 0x40 : 0);
        return ChangeAuthenticatorData(
            [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty ?? relyingParty)), (byte)flags, .. counter, .. attested]);
    }

    private byte[] ClientData(string type, JsonNode options)
    {
        var data = new JsonObject
        {
            ["type"] = type,
            ["challenge"] = (string)options["challenge"]!,
            ["origin"] = Origin,
            ["crossOrigin"] = false,
        };
        ChangeClientData(data);
        return Encoding.UTF8.GetBytes(data.ToJsonString());
    }
}
