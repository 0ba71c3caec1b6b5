using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Drawings.Protocol;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

public sealed class SelectionTests
{
    [Fact]
    public void Run_OverManyRandomDrawings_GivesEachHolderAtMostOneSlotAndLeavesTheRestUnawarded()
    {
        var random = new Random(20260116);
        for (var run = 0; run < 500; run++)
        {
            var holders = RandomHolders(random, tickets: random.Next(0, 60));
            var prizes = Enumerable.Range(1, random.Next(1, 5)).Select(rank => new PrizeSlots((uint)rank, random.Next(1, 5))).ToArray();
            var alternates = random.Next(0, 4);

            var picks = Selection.Run(Seed(random), prizes, alternates, holders);

            var winners = picks.Select(p => holders[p.TicketNumber - 1]).ToArray();
            Assert.Equal(winners.Length, winners.Distinct().Count());
            var slots = prizes.Sum(p => p.Quantity) + alternates;
            Assert.Equal(Math.Min(slots, holders.Distinct().Count()), picks.Count);
            Assert.Equal(picks, picks.OrderBy(p => p.Rank).ThenBy(p => p.Slot));
        }
    }

    [Fact]
    public void Run_AgainstAPlainListOfTickets_PicksTheSame()
    {
        var random = new Random(7);
        for (var run = 0; run < 200; run++)
        {
            var holders = RandomHolders(random, tickets: random.Next(1, 80));
            var seed = Seed(random);

            var picks = Selection.Run(seed, [new(1, 2), new(3, 4)], alternates: 2, holders);

            Assert.Equal(WithAPlainList(seed, [(1, 2), (3, 4), (uint.MaxValue, 2)], holders), picks.Select(p => (p.Rank, p.Slot, p.TicketNumber)));
        }
    }

    [Fact]
    public void Run_WithoutTickets_AwardsNothing() => Assert.Empty(Selection.Run(new byte[32], [new(1, 3)], alternates: 5, []));

    [Theory]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Run_OverManySeeds_FavoursNoTicket(int tickets)
    {
        const int Expected = 40;
        var holders = Enumerable.Range(0, tickets).ToArray();
        var wins = new int[tickets];
        for (var draw = 0; draw < tickets * Expected; draw++)
        {
            var seed = SHA256.HashData(Encoding.UTF8.GetBytes($"draw {draw} of {tickets}"));
            wins[Selection.Run(seed, [new(1, 1)], alternates: 0, holders)[0].TicketNumber - 1]++;
        }

        var chiSquare = wins.Sum(w => Math.Pow(w - Expected, 2) / Expected);
        var degrees = tickets - 1;
        Assert.InRange((chiSquare - degrees) / Math.Sqrt(2.0 * degrees), -4, 4);
    }

    private static IEnumerable<(uint Rank, int Slot, int Ticket)> WithAPlainList(byte[] seed, (uint Rank, int Quantity)[] prizes, int[] holders)
    {
        var left = Enumerable.Range(0, holders.Length).ToList();
        foreach (var (rank, quantity) in prizes)
        {
            for (var slot = 0; slot < quantity && left.Count > 0; slot++)
            {
                byte[] message = [.. "FTDRAW1/pick"u8, .. BigEndian(rank), .. BigEndian((uint)slot), .. BigEndian(0)];
                var x = BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(seed, message));
                var ticket = left[(int)(x % (ulong)left.Count)];
                yield return (rank, slot, ticket + 1);
                left.RemoveAll(t => holders[t] == holders[ticket]);
            }
        }
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Holders are numbered from 0 without gaps, as the draw numbers them.</summary>
    private static int[] RandomHolders(Random random, int tickets)
    {
        var holders = new int[tickets];
        for (var i = 1; i < tickets; i++) holders[i] = random.Next(0, holders[..i].Max() + 2);
        return holders;
    }

    private static byte[] Seed(Random random)
    {
        var seed = new byte[32];
        random.NextBytes(seed);
        return seed;
    }
}
