ALTER TABLE `adoptions` ADD `left_some` integer;
