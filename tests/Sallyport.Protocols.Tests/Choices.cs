using CsCheck;

namespace Sallyport.Protocols.Tests;

/// <summary>
/// Random choices for a generator that is written as code, because each choice depends on earlier ones. CsCheck supplies them, names the seed
/// of a failure, and searches for a failure with fewer choices.
/// </summary>
public sealed class Choices
{
    private readonly PCG random;
    private uint count;

    private Choices(PCG random) => this.random = random;

    /// <summary>The same choices on every run.</summary>
    public static Choices Fixed(uint seed) => new(new PCG(1, seed));

    public static Gen<T> Gen<T>(Func<Choices, T> make) => new Generator<T>(make);

    /// <summary>A number from zero to one less than the bound.</summary>
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
