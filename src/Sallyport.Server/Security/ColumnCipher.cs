using System.Security.Cryptography;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>Seals and opens columns with the keys of the ring.</summary>
internal sealed class ColumnCipher(KeyRing ring)
{
    public byte[] Seal(ReadOnlySpan<byte> plaintext, AssociatedData place)
    {
        var key = ring.Current.Seal;
        return Sealing.Seal(key.Material, KeySnapshot.Number(key), plaintext, place.ToString());
    }

    /// <exception cref="CryptographicException">The value was altered or moved, or its key is gone.</exception>
    public byte[] Open(byte[] sealedValue, AssociatedData place)
    {
        var key = ring.Current.FindByNumber(Sealing.KeyNumber(sealedValue))
            ?? throw new CryptographicException("A sealed value names a key that is not in the ring.");
        return Sealing.Open(key.Material, sealedValue, place.ToString());
    }
}

/// <summary>Where a sealed value lies. It opens nowhere else.</summary>
internal readonly record struct AssociatedData(TenantId Tenant, string Table, string Column, string Row)
{
    public override string ToString() => $"{Tenant}/{Table}/{Column}/{Row}";
}
