using FsCheck;
using FsCheck.Fluent;

namespace FitTrack.Tests.Api.Drawings.Conservation;

internal enum Act
{
    /// <summary>A tracker tells of a workout, tells it differently, or takes it back.</summary>
    Train,
    Buy,
    BuyUnderKey,
    BuyTwiceUnderOneKey,
    EnterFree,
    EnterMailed,
    Adjust,
    Open,
    Close,
    Execute,
    Cancel,
    Forfeit,
    CloseAccount,

    /// <summary>Time goes on, and the Worker looks for what is due.</summary>
    RunDue,

    /// <summary>Every connection of the Api breaks, whatever it is doing.</summary>
    BreakConnections,
}

/// <summary>One thing that somebody does.</summary>
/// <param name="Number">0 to 12; how much, how long or which, as the act takes it.</param>
/// <param name="GivesUpAfter">Milliseconds until the caller goes away; null for one who waits.</param>
internal sealed record Deed(Act Act, int Member, int Drawing, int Number, int? GivesUpAfter)
{
    public const int Members = 4;
    public const int Drawings = 3;

    private static readonly (Act Act, int Often)[] Acts =
    [
        (Act.Train, 8), (Act.Buy, 16), (Act.BuyUnderKey, 5), (Act.BuyTwiceUnderOneKey, 4), (Act.EnterFree, 4), (Act.EnterMailed, 2), (Act.Adjust, 3), (Act.Open, 2),
        (Act.Close, 2), (Act.Execute, 2), (Act.Cancel, 1), (Act.Forfeit, 3), (Act.CloseAccount, 1), (Act.RunDue, 3), (Act.BreakConnections, 2),
    ];

    private static readonly Gen<Deed> Any =
        from act in Gen.Elements(Acts.SelectMany(a => Enumerable.Repeat(a.Act, a.Often)).ToArray())
        from member in Gen.Choose(0, Members - 1)
        from drawing in Gen.Choose(0, Drawings - 1)
        from number in Gen.Choose(0, 12)
        from patience in Gen.Choose(0, 60)
        select new Deed(act, member, drawing, number, patience < 12 ? patience : null);

    /// <summary>Not made smaller when one fails: what goes wrong depends on what meets, and that differs each time.</summary>
    public static Arbitrary<Deed[]> Sequences(int length) => Any.ArrayOf(length).ToArbitrary();

    /// <summary>Also what no purchase may have.</summary>
    public long Quantity => Number switch { 0 => 0, 11 => 101, 12 => 1_000_000_000, _ => (Number + 1) / 2 };
}
