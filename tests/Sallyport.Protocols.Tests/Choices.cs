using CsCheck;

namespace Sallyport.Protocols.Tests;

/// <summary>
/// The random choices of a generator that is written as code, because what it makes depends on what it has made before. They come from
/// CsCheck, which names the seed of a failure and looks for a failure with fewer choices.
/// </summary>
public sealed class Choices
{
    private readonly PCG random;
    private uint count;

    private Choices(PCG random) => this.random = random;

    /// <summary>The same choices on every run.</summary>
    public static Choices Fixed(uint seed) => new(new PCG(1, seed));

    public static Gen<T> Gen<T>(Func<Choices, T> make) => new Generator<T>(make);

    /// <summary>From zero up to, but not including, the bound.</summary>
    public int Below(int bound)
    {
        count++;
        return (int)random.Next((uint)bound);
    }

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> options) => options[Below(options.Length)];

    private sealed class Generator<T>(Func<Choices, T> make) : Gen<T>
    {
        public override T Generate(PCG pcg, Size? min, out Size size)
        {
            var choices = new Choices(pcg);
            var value = make(choices);
            size = new Size(choices.count);
            return value;
        }
    }
}
