using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>Seals and opens database columns with the keys of the ring.</summary>
internal sealed class ColumnCipher(KeyRing ring)
{
    public byte[] Seal(ReadOnlySpan<byte> plaintext, AssociatedData place)
    {
        var key = ring.Current.Seal;
        return Sealing.Seal(key.Material, KeySnapshot.Number(key), plaintext, place.ToString());
    }

    /// <exception cref="CryptographicException">The value was altered or moved, or its key is not in the ring.</exception>
    public byte[] Open(byte[] sealedValue, AssociatedData place)
    {
        var key = ring.Current.FindByNumber(Sealing.KeyNumber(sealedValue))
            ?? throw new CryptographicException("A sealed value names a key that is not in the ring.");
        return Sealing.Open(key.Material, sealedValue, place.ToString());
    }
}

/// <summary>The place of a sealed value. It cannot be opened anywhere else.</summary>
internal readonly record struct AssociatedData(TenantId Tenant, string Table, string Column, string Row)
{
    public override string ToString() => $"{Tenant}/{Table}/{Column}/{Row}";
}

/// <summary>
/// AES-256-GCM (NIST SP 800-38D) with the place of the value as associated data: a sealed value that is copied to another row, column,
/// table or tenant does not open. Layout: key number (4) | nonce (12) | tag (16) | ciphertext.
/// </summary>
internal static class Sealing
{
    private const int NumberLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = NumberLength + NonceLength + TagLength;

    public static byte[] Seal(ReadOnlySpan<byte> key, int keyNumber, ReadOnlySpan<byte> plaintext, string place)
    {
        var output = new byte[HeaderLength + plaintext.Length];
        var (nonce, tag, ciphertext) = Parts(output);
        BinaryPrimitives.WriteInt32BigEndian(output, keyNumber);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plaintext, ciphertext, tag, Encoding.UTF8.GetBytes(place));
        return output;
    }

    /// <exception cref="CryptographicException">The value was altered, moved, or sealed with another key.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, byte[] sealedValue, string place)
    {
        if (sealedValue.Length < HeaderLength)
        {
            throw new CryptographicException("A sealed value is too short.");
        }

        var (nonce, tag, ciphertext) = Parts(sealedValue);
        var plaintext = new byte[ciphertext.Length];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(nonce, ciphertext, tag, plaintext, Encoding.UTF8.GetBytes(place));
        return plaintext;
    }

    public static int KeyNumber(ReadOnlySpan<byte> sealedValue) =>
        sealedValue.Length < NumberLength ? 0 : BinaryPrimitives.ReadInt32BigEndian(sealedValue);

    private static SealedParts Parts(byte[] value) =>
        new(
            value.AsSpan(NumberLength, NonceLength),
            value.AsSpan(NumberLength + NonceLength, TagLength),
            value.AsSpan(HeaderLength));

    private readonly ref struct SealedParts(Span<byte> nonce, Span<byte> tag, Span<byte> ciphertext)
    {
        private readonly Span<byte> nonce = nonce;
        private readonly Span<byte> tag = tag;
        private readonly Span<byte> ciphertext = ciphertext;

        public void Deconstruct(out Span<byte> nonceBytes, out Span<byte> tagBytes, out Span<byte> ciphertextBytes)
        {
            nonceBytes = nonce;
            tagBytes = tag;
            ciphertextBytes = ciphertext;
        }
    }
}
